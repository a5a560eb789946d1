"""One row of a roll: what stops it, what is worth a look, and that nothing typed is lost."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from app.kernel import clock
from app.pupils.roll_rows import RollContact, RollRow, read_row

MAISIE = {
    "upn": "V999200123006", "surname": "Carrow", "forename": "Maisie", "born_on": "08/09/2018",
    "year_group": "3", "class_name": "3 Hazel", "sen_provision": "K", "need_1": "MLD", "need_2": "SLCN",
}  # fmt: skip


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 23, 9, tzinfo=UTC)):
        yield


def row(**cells: str) -> RollRow:
    return read_row(7, MAISIE | cells)


def problems(row: RollRow) -> dict[str, str]:
    return {problem.field: problem.sentence for problem in row.problems}


def warnings(row: RollRow) -> dict[str, str]:
    return {warning.field: warning.sentence for warning in row.warnings}


def test_a_complete_row_has_nothing_to_say() -> None:
    maisie = row()
    assert (maisie.problems, maisie.warnings, maisie.can_be_added) == ((), (), True)
    assert maisie.born_on == date(2018, 9, 8)
    assert maisie.needs == ("MLD", "SLCN")
    assert (maisie.year_group, maisie.sen_provision, maisie.row_number) == ("3", "K", 7)


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("surname", "", "Enter the pupil’s surname"),
        ("forename", "", "Enter the pupil’s forename"),
        ("forename", "-", "Enter the pupil’s forename"),
        ("born_on", "", "Enter the pupil’s date of birth"),
        ("born_on", "29/02/2026", "Date of birth must be a real date"),
        ("born_on", "08/09/18", "Date of birth must have a year with 4 numbers"),
        ("born_on", "23/11/2026", "Date of birth must be in the past"),
        ("upn", "W999200123006", "Check it for a typing mistake"),
        ("upn", "UN3", "stand in for a missing UPN"),
        ("year_group", "Hazel", "Year group must be"),
        ("class_name", "3" * 201, "Shorten this to 200 characters or fewer"),
    ],
)
def test_what_must_be_put_right_stops_the_row_and_keeps_what_was_typed(
    field: str, text: str, sentence: str
) -> None:
    stopped = row(**{field: text})
    assert sentence in problems(stopped)[field]
    assert not stopped.can_be_added
    assert stopped.typed[field] == text


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("need_1", "PLD", '"PLD" is an unrecognised need code'),
        ("need_2", "ADHD", '"ADHD" is an unrecognised need code'),
        ("sen_provision", "A", '"A" is an old SEN status'),
        ("sen_provision", "Q", '"Q" is an unrecognised SEN status'),
        ("sen_provision", "N", "The SEN status is no SEN, but a need is given"),
        ("upn", "", "There is no UPN"),
        ("upn", "H99920012513A", "This is a temporary UPN"),
        ("year_group", "", "There is no year group"),
        ("born_on", "08/09/1918", "Check the year is right"),
    ],
)
def test_what_is_worth_a_look_never_drops_the_pupil(field: str, text: str, sentence: str) -> None:
    looked_at = row(**{field: text})
    assert sentence in warnings(looked_at)[field]
    assert looked_at.can_be_added


def test_each_warning_is_given_once() -> None:
    assert len(row(sen_provision="Q", need_1="PLD").warnings) == 2


def test_a_need_that_is_known_stays_when_the_other_is_not() -> None:
    assert row(need_1="PLD").needs == ("SLCN",)


def test_the_same_need_twice_is_one_need() -> None:
    assert row(need_1="SLCN").needs == ("SLCN",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EHCP", "E"),
        ("Education, Health and Care Plan", "E"),
        ("SEN Support", "K"),
        ("no sen", "N"),
        ("", None),
    ],
)
def test_sen_status_is_read_in_words(text: str, code: str | None) -> None:
    assert row(sen_provision=text, need_1="", need_2="").sen_provision == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("Autism", "ASD"), ("Autistic Spectrum Disorder", "ASD"), ("Down's syndrome", "DS"), ("vi", "VI")],
)
def test_a_need_is_read_in_words(text: str, code: str) -> None:
    assert row(need_1=text, need_2="").needs == (code,)


def test_a_need_belongs_to_its_time() -> None:
    with clock.frozen(datetime(2024, 12, 1, tzinfo=UTC)):
        assert "need_1" in warnings(row(need_1="DS"))


def test_contacts_are_read_with_what_is_said_about_parental_responsibility() -> None:
    contacts = row(
        contact_1_name="Joanne Carrow",
        contact_1_relationship="Mother",
        contact_1_email="jo@carrow.example",
        contact_1_phone="07700 900011",
        contact_1_pr="Y",
        contact_2_name="Alan Carrow",
        contact_2_pr="",
    ).contacts
    assert contacts == (
        RollContact("Joanne Carrow", "Mother", "jo@carrow.example", "07700 900011", has_pr=True),
        RollContact("Alan Carrow", "", "", "", has_pr=None),
    )


def test_no_contact_is_made_of_a_lonely_flag() -> None:
    assert row(contact_1_pr="N").contacts == ()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (
            "contact_1_email",
            "jo at carrow",
            "Email address must be in the correct format, like name@example.com",
        ),
        ("contact_1_pr", "maybe", "Parental responsibility of contact 1 must be yes or no"),
        ("contact_1_name", "", "Contact 1 has no name"),
    ],
)
def test_an_odd_contact_is_kept_with_a_warning(field: str, text: str, sentence: str) -> None:
    contact = {"contact_1_name": "Jo", "contact_1_email": "jo@carrow.example", "contact_1_pr": "Y"}
    odd = row(**(contact | {field: text}))
    assert warnings(odd)[field] == sentence
    assert odd.can_be_added
    assert len(odd.contacts) == 1


def test_parental_responsibility_that_cannot_be_read_is_never_assumed() -> None:
    assert row(contact_1_name="Jo", contact_1_pr="maybe").contacts[0].has_pr is None
