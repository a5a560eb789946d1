"""School days, terms and statutory clocks, against known answers and against counting day by day."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.kernel import calendar
from app.kernel.calendar import Period, Term, TermDates, TermDatesMissing
from app.settings import codes

DAY = timedelta(days=1)
HOLIDAYS = codes.bank_holidays()
TERMS = codes.suggested_term_dates()


def days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


TEN_YEARS = days(date(2019, 1, 1), date(2028, 12, 31))
SCHOOL_LIFE = days(date(2024, 9, 2), date(2028, 7, 21))


def is_open_by_hand(day: date) -> bool:
    """A day on which pupils come in, from the rows of the calendar and nothing cleverer."""
    if day.strftime("%a") in {"Sat", "Sun"} or day in HOLIDAYS or day in TERMS.inset_days:
        return False
    for term in TERMS.terms:
        assert term.half_term
        before = term.starts_on <= day < term.half_term.starts_on
        if before or term.half_term.ends_on < day <= term.ends_on:
            return True
    return False


# The oracles walk one day at a time and count.


def walk(start: date, count: int, is_counted: dict[date, bool]) -> date:
    day = start
    while count:
        day += DAY
        count -= is_counted[day]
    return day


def one_month_on_by_hand(start: date) -> date:
    """Walk to the same day number in the next month; the last day of that month if it has no such day."""
    day = start + DAY
    while day.month == start.month:
        day += DAY
    month = day.month
    while day.day != start.day and (day + DAY).month == month:
        day += DAY
    return day


def test_school_days_agree_with_the_calendar_on_every_day_of_four_years() -> None:
    assert [calendar.is_school_day(day, TERMS, HOLIDAYS) for day in SCHOOL_LIFE] == [
        is_open_by_hand(day) for day in SCHOOL_LIFE
    ]


@pytest.mark.parametrize("count", [1, 3, 5, 10, 15])
def test_adding_school_days_agrees_with_counting_from_every_day(count: int) -> None:
    is_counted = {day: is_open_by_hand(day) for day in SCHOOL_LIFE}
    for start in SCHOOL_LIFE[:-40]:
        assert calendar.add_school_days(start, count, TERMS, HOLIDAYS) == walk(start, count, is_counted)


@pytest.mark.parametrize("count", [1, 7, 15])
def test_adding_working_days_agrees_with_counting_from_every_day(count: int) -> None:
    is_counted = {day: day.weekday() < 5 and day not in HOLIDAYS for day in TEN_YEARS}
    for start in TEN_YEARS[:-40]:
        assert calendar.add_working_days(start, count, HOLIDAYS) == walk(start, count, is_counted)


@pytest.mark.parametrize(("clock", "length"), [("ehc_decision_due", 42), ("ehc_advice_due", 42)])
def test_six_weeks_are_42_days_from_every_day_of_ten_years(clock: str, length: int) -> None:
    for start in TEN_YEARS:
        assert getattr(calendar, clock)(start) == days(start, start + length * DAY)[-1]


def test_the_final_plan_is_due_140_days_after_every_day_of_ten_years() -> None:
    for start in TEN_YEARS:
        assert (calendar.ehc_plan_due(start) - start).days == 140


def test_a_month_later_agrees_with_walking_from_every_day_of_ten_years() -> None:
    for start in TEN_YEARS:
        assert calendar.add_calendar_months(start, 1) == one_month_on_by_hand(start)


def test_subject_access_agrees_with_walking_from_every_day_of_ten_years() -> None:
    for start in TEN_YEARS[:-60]:
        due_on = one_month_on_by_hand(start)
        while due_on.strftime("%a") in {"Sat", "Sun"} or due_on in HOLIDAYS:
            due_on += DAY
        assert calendar.sar_due(start, HOLIDAYS) == due_on


def test_counting_back_undoes_counting_on_from_a_school_day() -> None:
    for start in filter(is_open_by_hand, SCHOOL_LIFE[:-40]):
        later = calendar.add_school_days(start, 10, TERMS, HOLIDAYS)
        assert calendar.add_school_days(later, -10, TERMS, HOLIDAYS) == start


def test_working_days_count_back_over_a_bank_holiday() -> None:
    assert calendar.add_working_days(date(2026, 12, 29), -1, HOLIDAYS) == date(2026, 12, 24)


def test_no_days_is_the_day_itself_even_in_a_holiday() -> None:
    christmas = date(2026, 12, 25)
    assert calendar.add_school_days(christmas, 0, TERMS, HOLIDAYS) == christmas
    assert calendar.add_working_days(christmas, 0, HOLIDAYS) == christmas


@pytest.mark.parametrize(
    ("received_on", "decision", "no_plan", "plan"),
    [
        (date(2026, 6, 29), date(2026, 8, 10), date(2026, 10, 19), date(2026, 11, 16)),
        (date(2026, 12, 11), date(2027, 1, 22), date(2027, 4, 2), date(2027, 4, 30)),
        (date(2027, 7, 20), date(2027, 8, 31), date(2027, 11, 9), date(2027, 12, 7)),
    ],
)
def test_ehc_clocks_are_calendar_weeks_whatever_the_holidays(
    received_on: date, decision: date, no_plan: date, plan: date
) -> None:
    assert calendar.ehc_decision_due(received_on) == decision
    assert calendar.ehc_no_plan_due(received_on) == no_plan
    assert calendar.ehc_plan_due(received_on) == plan


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 10, 15), 3, date(2027, 1, 15)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2027, 1, 1), -1, date(2026, 12, 1)),
    ],
)
def test_calendar_months_stop_at_the_end_of_a_short_month(start: date, months: int, expected: date) -> None:
    assert calendar.add_calendar_months(start, months) == expected


def test_an_appeal_has_two_months_from_the_letter() -> None:
    assert calendar.appeal_deadline(date(2026, 12, 31)) == date(2027, 2, 28)


def test_a_late_mediation_certificate_gives_a_month_more_to_appeal() -> None:
    assert calendar.appeal_deadline(date(2026, 9, 1), date(2026, 10, 20)) == date(2026, 11, 20)


def test_an_early_mediation_certificate_takes_nothing_from_the_two_months() -> None:
    assert calendar.appeal_deadline(date(2026, 9, 1), date(2026, 9, 5)) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2026, 7, 22), date(2026, 8, 24)),  # a month later is a Saturday
        (date(2027, 1, 31), date(2027, 3, 1)),  # 28 February 2027 is a Sunday
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas, a weekend, and Boxing Day's substitute
        (date(2026, 8, 3), date(2026, 9, 3)),
    ],
)
def test_subject_access_is_due_after_a_month_on_a_working_day(received_on: date, due_on: date) -> None:
    assert calendar.sar_due(received_on, HOLIDAYS) == due_on


def test_asking_for_advice_in_a_long_closure_may_be_an_exception() -> None:
    window = calendar.advice_exception(date(2027, 7, 22), date(2027, 9, 1))
    assert window == Period(date(2027, 7, 15), date(2027, 8, 25))


def test_a_closure_under_four_weeks_is_never_an_exception() -> None:
    assert calendar.advice_exception(date(2027, 7, 1), date(2027, 7, 28)) is None
    assert calendar.advice_exception(date(2027, 7, 1), date(2027, 7, 29)) is not None


def test_every_academic_year_has_one_review_in_each_term_and_on_a_school_day() -> None:
    due_on = date(2024, 8, 1)
    reviews = []
    for _ in TERMS.terms:
        due_on = calendar.next_review_due(due_on, TERMS, HOLIDAYS)
        reviews.append(due_on)
    assert all(map(is_open_by_hand, reviews))
    assert [calendar.term_of(review, TERMS) for review in reviews] == list(TERMS.terms)


def test_the_next_review_is_in_the_next_term_whenever_in_a_term_the_last_one_was() -> None:
    for term, following in pairwise(TERMS.terms):
        for last_on in days(term.starts_on, term.ends_on):
            due_on = calendar.next_review_due(last_on, TERMS, HOLIDAYS)
            assert due_on in following
            assert not any(is_open_by_hand(day) for day in days(due_on + DAY, following.ends_on + DAY))


def test_a_plan_agreed_in_the_holidays_is_reviewed_in_the_term_that_follows() -> None:
    assert calendar.next_review_due(date(2026, 8, 20), TERMS, HOLIDAYS) == date(2026, 12, 18)


def test_a_plan_agreed_in_october_is_first_reviewed_before_christmas() -> None:
    assert calendar.first_review_due(date(2026, 10, 2), TERMS, HOLIDAYS) == date(2026, 12, 18)


def test_a_plan_agreed_late_in_a_term_is_first_reviewed_in_the_next() -> None:
    assert calendar.first_review_due(date(2026, 11, 20), TERMS, HOLIDAYS) == date(2027, 3, 25)


def test_a_last_day_of_term_without_pupils_is_no_review_day() -> None:
    term = Term("Autumn 2026", date(2026, 9, 1), date(2026, 12, 18))
    terms = TermDates((term,), frozenset({date(2026, 12, 18), date(2026, 12, 17)}))
    assert calendar.next_review_due(date(2026, 8, 1), terms, HOLIDAYS) == date(2026, 12, 16)


def test_a_term_without_school_days_asks_to_check_its_dates() -> None:
    weekend = TermDates((Term("Odd term", date(2026, 9, 5), date(2026, 9, 6)),))
    with pytest.raises(TermDatesMissing, match="Odd term has no school days"):
        calendar.next_review_due(date(2026, 8, 1), weekend, HOLIDAYS)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: calendar.add_school_days(date(2028, 7, 20), 5, TERMS, HOLIDAYS), "after 21 July 2028"),
        (lambda: calendar.add_school_days(date(2024, 9, 5), -5, TERMS, HOLIDAYS), "before 2 September 2024"),
        (lambda: calendar.next_review_due(date(2028, 5, 1), TERMS, HOLIDAYS), "after 21 July 2028"),
        (lambda: calendar.add_school_days(date(2026, 9, 1), 1, TermDates(()), HOLIDAYS), "Add your school's"),
    ],
)
def test_past_the_known_terms_the_answer_is_to_add_term_dates(ask: Callable[[], date], sentence: str) -> None:
    with pytest.raises(TermDatesMissing, match=sentence):
        ask()


def test_a_day_in_half_term_is_in_its_term_and_a_day_at_christmas_is_in_none() -> None:
    half_term = calendar.term_of(date(2026, 10, 28), TERMS)
    assert half_term is not None
    assert half_term.name == "Autumn 2026"
    assert calendar.term_of(date(2026, 12, 25), TERMS) is None


@pytest.mark.parametrize(
    ("day", "year", "name"),
    [
        (date(2026, 8, 31), 2025, "2025/26"),
        (date(2026, 9, 1), 2026, "2026/27"),
        (date(2099, 9, 1), 2099, "2099/00"),
    ],
)
def test_academic_years_begin_on_the_first_of_september(day: date, year: int, name: str) -> None:
    assert calendar.academic_year_of(day) == year
    assert calendar.academic_year_name(year) == name


@pytest.mark.parametrize(
    "build",
    [
        lambda: Period(date(2026, 9, 2), date(2026, 9, 1)),
        lambda: Term("Backwards", date(2026, 9, 2), date(2026, 9, 1)),
        lambda: Term("T", date(2026, 9, 1), date(2026, 12, 1), Period(date(2026, 11, 20), date(2026, 12, 1))),
        lambda: TermDates((TERMS.terms[1], TERMS.terms[0])),
        lambda: TermDates((TERMS.terms[0], Term("Same day", TERMS.terms[0].ends_on, date(2025, 2, 1)))),
    ],
)
def test_term_dates_that_cannot_be_are_refused(build: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="must"):
        build()
