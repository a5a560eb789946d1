"""Dates, year groups, yes and no, as schools write them."""

from datetime import date

import pytest

from app.pupils import roll_values


@pytest.mark.parametrize(
    "text",
    [
        "14/09/2018", "14/9/2018", "14-09-2018", "14.09.2018", "14 09 2018", "2018-09-14", "2018/9/14",
        "14 Sep 2018", "14 Sept 2018", "14 SEPTEMBER 2018", "14-Sep-2018", "14th September 2018",
        "14 Sep. 2018",
        " 14/09/2018 ", "14/09/2018 00:00", "14/09/2018 00:00:00", "2018-09-14T00:00:00",
        "2018-09-14 00:00:00.000",
    ],
)  # fmt: skip
def test_a_date_is_read_however_a_school_writes_it(text: str) -> None:
    assert roll_values.parse_date(text, what="Date of birth") == date(2018, 9, 14)


@pytest.mark.parametrize(
    "text",
    [
        "29/02/2026", "31/04/2018", "09/14/2018", "00/01/2018", "14 Smarch 2018", "14/09", "43357", "soon",
        "2018",
        "14/09/20180", "14/09/2018 12:30", "١٤/٠٩/٢٠١٨", "0000-01-01",
    ],
)  # fmt: skip
def test_a_date_that_is_not_real_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(
        ValueError, match="Date of birth must be a real date written day, month, year, like 27/3/2018"
    ):
        roll_values.parse_date(text, what="Date of birth")


@pytest.mark.parametrize("text", ["14/09/18", "14-Sep-18", "14 September 18"])
def test_a_year_of_two_numbers_is_refused_because_it_could_be_either_century(text: str) -> None:
    with pytest.raises(ValueError, match="must have a year with 4 numbers"):
        roll_values.parse_date(text, what="Date of birth")


@pytest.mark.parametrize(
    ("text", "year_group"),
    [
        ("3", "3"), ("03", "3"), ("Year 3", "3"), ("YEAR  3", "3"), ("Y3", "3"), ("Yr 3", "3"), ("yr3", "3"),
        ("NC Year 13", "13"), ("Y10", "10"), ("14", "14"), ("R", "R"), ("Reception", "R"), ("Rec", "R"),
        ("YR", "R"),
        ("Year R", "R"), ("F2", "R"), ("N1", "N1"), ("n2", "N2"), ("Nursery 2", "N2"), ("E1", "E1"),
        ("X", "X"),
    ],
)  # fmt: skip
def test_a_year_group_is_read_however_a_school_writes_it(text: str, year_group: str) -> None:
    assert roll_values.parse_year_group(text) == year_group


@pytest.mark.parametrize("text", ["0", "15", "Year", "Nursery", "3 Hazel", "3.0", "Y-", "three"])
def test_a_year_group_that_could_mean_anything_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Year group must be N1, N2, R or a year from 1 to 14"):
        roll_values.parse_year_group(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Y", True),
        ("yes", True),
        ("TRUE", True),
        ("1", True),
        ("N", False),
        ("No", False),
        ("0", False),
        ("", None),
    ],
)
def test_yes_no_and_nothing_said_are_three_answers(text: str, *, answer: bool | None) -> None:
    assert roll_values.parse_yes_no(text) is answer


@pytest.mark.parametrize("text", ["x", "maybe", "ask", "✓"])
def test_a_mark_that_could_mean_either_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="must be yes or no"):
        roll_values.parse_yes_no(text)
