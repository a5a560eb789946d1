"""A year group is one number, whatever a school or a census calls it."""

from datetime import date

import pytest

from app.kernel import years


@pytest.mark.parametrize(
    ("number", "name"),
    [(-2, "Nursery 1"), (-1, "Nursery 2"), (0, "Reception"), (1, "Year 1"), (14, "Year 14")],
)
def test_every_year_has_its_name(number: int, name: str) -> None:
    assert years.year_name(number) == name
    assert {"value": str(number), "text": name} in years.year_choices()


@pytest.mark.parametrize(
    ("code", "number"), [("N1", -2), ("N2", -1), ("R", 0), ("6", 6), ("X", None), ("E1", None)]
)
def test_a_census_code_is_read_or_says_nothing(code: str, number: int | None) -> None:
    assert years.year_from_code(code) == number


@pytest.mark.parametrize(
    ("born_on", "on", "number"),
    [
        (date(2019, 8, 31), date(2026, 7, 20), 2),
        (date(2019, 9, 1), date(2026, 7, 20), 1),
        (date(2019, 9, 1), date(2026, 9, 1), 2),
        (date(2021, 9, 1), date(2026, 8, 31), -1),
        (date(2026, 1, 1), date(2026, 9, 1), -2),
        (date(1990, 1, 1), date(2026, 9, 1), 14),
    ],
)
def test_a_date_of_birth_says_which_year_most_are_in(born_on: date, on: date, number: int) -> None:
    assert years.year_for(born_on, on) == number
