"""National lists have dates: what can be chosen depends on the day."""

from collections import Counter
from datetime import date, timedelta

import pytest

from app.kernel import calendar
from app.settings import codes

TODAY = date(2026, 11, 23)


def test_there_are_fourteen_types_of_need() -> None:
    assert {need.code for need in codes.need_codes(TODAY)} == {
        "SPLD", "MLD", "SLD", "PMLD", "SEMH", "SLCN", "HI", "VI", "MSI", "PD", "ASD", "DS", "OTH", "NSA",
    }  # fmt: skip


def test_down_syndrome_can_be_chosen_from_january_2025() -> None:
    assert codes.find_need_code("DS", date(2024, 12, 31)) is None
    down_syndrome = codes.find_need_code("DS", date(2025, 1, 1))
    assert down_syndrome is not None
    assert down_syndrome.broad_area is None


def test_no_specialist_assessment_is_only_for_sen_support() -> None:
    assert [need.code for need in codes.need_codes(TODAY) if "E" not in need.provision_codes] == ["NSA"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("slcn", "SLCN"),
        (" SLCN ", "SLCN"),
        ("Speech, language & communication needs", "SLCN"),
        ("autism", "ASD"),
    ],
)
def test_a_need_is_found_by_code_or_name(text: str, code: str) -> None:
    need = codes.find_need_code(text, TODAY)
    assert need is not None
    assert need.code == code


@pytest.mark.parametrize("text", ["PLD", "", "ADHD", "NSA*X"])
def test_what_is_no_code_is_not_guessed(text: str) -> None:
    assert codes.find_need_code(text, TODAY) is None


def test_every_broad_area_of_a_need_is_one_of_the_four() -> None:
    areas = {area.code for area in codes.broad_areas(TODAY)}
    assert len(areas) == 4
    assert {need.broad_area for need in codes.need_codes(TODAY)} == {*areas, None}


def test_sen_provision_is_none_support_or_a_plan() -> None:
    assert [code.code for code in codes.provision_codes(TODAY)] == ["N", "K", "E"]
    assert [code.code for code in codes.provision_codes(date(2018, 3, 31))] == ["N", "K", "E", "S"]


@pytest.mark.parametrize(
    ("text", "is_old"), [("A", True), ("P", True), ("S", True), ("K", False), ("Z", False)]
)
def test_old_sen_provision_is_known_but_cannot_be_chosen(text: str, *, is_old: bool) -> None:
    assert codes.is_old_provision_code(text, TODAY) is is_old
    if is_old:
        assert codes.find_provision_code(text, TODAY) is None


def test_bank_holidays_are_weekdays_and_each_year_has_its_eight_or_more() -> None:
    assert all(day.weekday() < 5 for day in codes.bank_holidays())
    counts = Counter(day.year for day in codes.bank_holidays())
    assert counts == dict.fromkeys(range(2019, 2029), 8) | {2022: 10, 2023: 9}


def test_a_bank_holiday_at_the_weekend_moves_to_a_weekday() -> None:
    assert {
        date(2026, 12, 28),
        date(2027, 12, 27),
        date(2027, 12, 28),
        date(2028, 1, 3),
    } <= codes.bank_holidays()


def test_each_suggested_year_has_190_school_days_and_five_inset_days() -> None:
    terms, holidays = codes.suggested_term_dates(), codes.bank_holidays()
    first, last = terms.terms[0].starts_on, terms.terms[-1].ends_on
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    school_days = Counter(
        calendar.academic_year_of(day) for day in days if calendar.is_school_day(day, terms, holidays)
    )
    assert school_days == dict.fromkeys(range(2024, 2028), 190)
    assert Counter(map(calendar.academic_year_of, terms.inset_days)) == dict.fromkeys(range(2024, 2028), 5)


def test_suggested_terms_begin_and_end_on_working_days_and_inset_days_are_in_term() -> None:
    terms, holidays = codes.suggested_term_dates(), codes.bank_holidays()
    for term in terms:
        assert calendar.is_working_day(term.starts_on, holidays)
        assert calendar.is_working_day(term.ends_on, holidays)
    for day in terms.inset_days:
        term_of_day = calendar.term_of(day, terms)
        assert term_of_day is not None
        assert term_of_day.half_term is not None
        assert day not in term_of_day.half_term


@pytest.mark.parametrize(
    ("number", "is_known"), [("999", True), ("801", True), ("942", True), ("000", False)]
)
def test_authority_numbers_that_are_in_use_are_known(number: str, *, is_known: bool) -> None:
    assert codes.is_known_local_authority(number) is is_known
