"""Headings are found under the many names that systems and people give them."""

import pytest

from app.pupils.roll_headings import SameHeadingTwice, match_headings


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("UPN", "upn"), ("Legal surname", "surname"), ("LAST NAME", "surname"), ("Last_name", "surname"),
        ("First name", "forename"), ("Preferred Forename", "preferred_forename"),
        ("Known as", "preferred_forename"),
        ("D.O.B.", "born_on"), ("Date of Birth", "born_on"), ("NCyear", "year_group"),
        ("NC Year Actual", "year_group"),
        ("Year Group", "year_group"), ("Reg. Group", "class_name"), ("Class", "class_name"),
        ("SEN Status", "sen_provision"), ("SEN provision", "sen_provision"), ("SEN need 1", "need_1"),
        ("Primary need", "need_1"), ("SEN Type 2", "need_2"), ("Contact 1 Name", "contact_1_name"),
        ("Parent/carer 1", "contact_1_name"), ("Parent name", "contact_1_name"),
        ("Parent/carer email", "contact_1_email"),
        ("Contact1Email", "contact_1_email"), ("Contact email 2", "contact_2_email"),
        ("Parent 2 mobile", "contact_2_phone"), ("Contact 2 - Relationship", "contact_2_relationship"),
        ("Contact 1 Parental responsibility?", "contact_1_pr"), ("Contact 2 PR", "contact_2_pr"),
    ],
)  # fmt: skip
def test_a_heading_is_known_by_its_many_names(heading: str, field: str) -> None:
    assert match_headings(["Colour", heading]).places == {field: 1}


def test_headings_that_are_not_known_are_listed_and_used_for_nothing() -> None:
    columns = match_headings(["Surname", "Free school meals", "", "Shoe size"])
    assert columns.places == {"surname": 0}
    assert columns.unused == ("Free school meals", "Shoe size")


def test_a_legal_surname_is_preferred_to_a_surname() -> None:
    columns = match_headings(["Surname", "Legal surname"])
    assert columns.places == {"surname": 1}
    assert columns.unused == ("Surname",)


def test_the_same_heading_twice_is_not_guessed() -> None:
    with pytest.raises(SameHeadingTwice, match="Surname"):
        match_headings(["Surname", "Forename", "surname"])


def test_a_row_that_stops_early_has_nothing_in_its_last_fields() -> None:
    columns = match_headings(["Surname", "Forename", "DOB"])
    assert columns.read(["Bex", "Idris"]) == {"surname": "Bex", "forename": "Idris", "born_on": ""}


def test_what_a_roll_cannot_do_without_is_named_as_people_know_it() -> None:
    assert match_headings(["Surname"]).missing == ("Forename", "Date of birth")
