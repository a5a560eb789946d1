"""Rows are compared and never merged."""

from app.pupils.roll_matches import compare_rows
from app.pupils.roll_rows import RollRow, read_row

BEX = {"surname": "Bex", "born_on": "03/11/2017", "year_group": "4"}
IDRIS = BEX | {"upn": "C999200122002", "forename": "Idris"}
ILYAS = BEX | {"upn": "R999200122003", "forename": "Ilyas"}


def compared(*pupils: dict[str, str]) -> list[RollRow]:
    return list(compare_rows([read_row(number, cells) for number, cells in enumerate(pupils, start=2)]))


def test_twins_are_both_kept_with_a_note() -> None:
    idris, ilyas = compared(IDRIS, ILYAS)
    assert idris.can_be_added
    assert ilyas.can_be_added
    assert "as on row 3" in idris.notes[0].sentence
    assert "as on row 2" in ilyas.notes[0].sentence
    assert idris.warnings == ilyas.warnings == ()


def test_the_same_number_twice_stops_both_rows_and_says_where() -> None:
    first, other, second = compared(IDRIS, ILYAS, ILYAS | {"upn": IDRIS["upn"], "forename": "Inaya"})
    assert [problem.sentence for problem in first.problems] == ["This UPN is also on row 4"]
    assert [problem.sentence for problem in second.problems] == ["This UPN is also on row 2"]
    assert other.problems == ()


def test_the_same_name_and_birthday_is_worth_a_look_however_it_is_typed() -> None:
    rows = compared(IDRIS, IDRIS | {"upn": "", "surname": "BEX"}, IDRIS | {"upn": ""})
    assert all(row.can_be_added for row in rows)
    assert "The pupil on rows 3 and 4 has the same name and date of birth" in rows[0].warnings[-1].sentence
    assert rows[0].notes == ()


def test_pupils_with_nothing_in_common_have_nothing_to_say() -> None:
    maisie = {"upn": "V999200123006", "surname": "Carrow", "forename": "Maisie", "born_on": "08/09/2018"}
    assert all(not (row.problems or row.notes) for row in compared(IDRIS, maisie))


def test_rows_without_a_birthday_or_number_are_not_compared() -> None:
    rows = compared(BEX | {"born_on": "", "forename": "A"}, BEX | {"born_on": "", "forename": "A"})
    assert all(row.notes == () and "row" not in str(row.warnings) for row in rows)
