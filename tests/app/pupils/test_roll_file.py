"""A roll comes in whatever a school's system made of it, or is refused in one sentence."""

import csv
import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.spreadsheet import csv_bytes
from app.pupils import roll_file
from app.pupils.roll_file import Roll, RollFileRefused, read_roll

LARKRISE = Path(__file__).parents[2] / "data" / "roll_larkrise.csv"
HEADINGS = ["Surname", "Forename", "Date of birth", "Year group"]
ZOFIA = ["Łukasiewicz", "Zofia", "17/05/2021", "1"]
SIOBHAN = ["O'Rahilly", "Siobhán", "02/12/2016", "5"]


def sheet(*rows: list[str], delimiter: str = ",", line_end: str = "\r\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def read(*rows: list[str]) -> Roll:
    return read_roll(sheet(HEADINGS, *rows).encode())


def refusal(content: bytes) -> str:
    with pytest.raises(RollFileRefused) as refused:
        read_roll(content)
    return str(refused.value)


def test_the_roll_of_larkrise_comes_in_whole() -> None:
    roll = read_roll(LARKRISE.read_bytes())
    assert len(roll.rows) == 25
    assert all(row.can_be_added for row in roll.rows)
    assert roll.unused_headings == ()
    by_name = {row.forename: row for row in roll.rows}
    assert {"Łukasiewicz", "陈", "الخطيب", "ਢਿੱਲੋਂ", "Шевчук", "Παπαδάκης"} <= {row.surname for row in roll.rows}
    assert by_name["Amara"].born_on == date(2020, 3, 12)
    assert by_name["Idris"].notes
    assert by_name["Ilyas"].notes
    assert [contact.has_pr for contact in by_name["Theodore"].contacts] == [True, False]
    assert [contact.has_pr for contact in by_name["Isla"].contacts] == [False, None]
    assert {row.forename for row in roll.rows if row.warnings} == {"Олена", "Esi"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_script_arrives_in_every_kind_of_unicode(encoding: str) -> None:
    text = LARKRISE.read_text(encoding="utf-8-sig")
    assert read_roll(text.encode(encoding)).rows == read_roll(LARKRISE.read_bytes()).rows


def test_a_file_from_an_older_windows_program_keeps_its_accents() -> None:
    [row] = read_roll(sheet(HEADINGS, ["D\u2019Arcy", "Zoë", "02/12/2016", "5"]).encode("cp1252")).rows
    assert (row.surname, row.forename) == ("D\u2019Arcy", "Zoë")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_cells_may_be_set_apart_in_several_ways(delimiter: str, line_end: str) -> None:
    text = sheet(HEADINGS, ZOFIA, ["Smith, Jr; | \t", *SIOBHAN[1:]], delimiter=delimiter, line_end=line_end)
    rows = read_roll(text.encode()).rows
    assert [row.surname for row in rows] == ["Łukasiewicz", "Smith, Jr; |"]


def test_quoted_semicolons_are_read_too() -> None:
    text = '"Surname";"Forename";"Date of birth"\r\n"Bex";"Idris";"03/11/2017"\r\n'
    assert read_roll(text.encode()).rows[0].forename == "Idris"


def test_a_report_with_a_title_above_its_headings_is_numbered_as_on_screen() -> None:
    text = sheet(["Larkrise Primary"], ["Printed 23/11/2026"], [], HEADINGS, ZOFIA, [], SIOBHAN)
    assert [row.row_number for row in read_roll(text.encode()).rows] == [5, 7]


def test_text_is_kept_as_typed_without_what_cannot_be_seen() -> None:
    [row] = read([" mcDONALD-o\u2019Neil \u200b", "Noor  Ann", "02/12/2016", "5"]).rows
    assert (row.surname, row.forename) == ("mcDONALD-o\u2019Neil", "Noor  Ann")


def test_what_we_wrote_safely_reads_back_as_it_was() -> None:
    [row] = read_roll(csv_bytes(HEADINGS, [["=Smith", "+Ann", "02/12/2016", "5"]])).rows
    assert (row.surname, row.forename) == ("=Smith", "+Ann")


def test_headings_that_are_not_used_are_shown() -> None:
    text = sheet([*HEADINGS, "Free school meals"], [*ZOFIA, "T"])
    assert read_roll(text.encode()).unused_headings == ("Free school meals",)


def test_one_bad_row_stops_only_itself() -> None:
    bad, good = read(["Bex", "", "29/02/2026", "Y9"], ZOFIA).rows
    assert {problem.field for problem in bad.problems} == {"forename", "born_on"}
    assert good.can_be_added


def test_a_comma_too_many_is_noticed_before_cells_slip_into_other_columns() -> None:
    [row] = read_roll((sheet(HEADINGS) + "Bex,Idris,03/11/2017,4,Rowan\r\n").encode()).rows
    assert "more cells than there are headings" in row.problems[0].sentence


def test_empty_cells_at_the_end_of_a_row_do_no_harm() -> None:
    assert read([*ZOFIA, "", ""]).rows[0].can_be_added


def test_the_file_may_have_5000_pupils_and_no_more() -> None:
    content = sheet(HEADINGS, *[ZOFIA] * roll_file.MOST_PUPILS)
    with pytest.raises(RollFileRefused, match="must have 5,000 pupils or fewer"):
        read_roll((content + sheet(SIOBHAN)).encode())


def test_exactly_5000_pupils_come_in() -> None:
    pupils = [["Bex", f"Pupil {number}", "", "4"] for number in range(roll_file.MOST_PUPILS)]
    assert len(read(*pupils).rows) == roll_file.MOST_PUPILS


def workbook() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        workbook(),
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64),
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        b"<html><table><tr><td>Surname</td></tr></table></html>",
        bytes(range(256)) * 4,
        b"Surname,Forename,DOB\r\nB\x00ex,Idris,03/11/2017",
        b"\xff\xfe\x00\xd8\x00\xd8",
        b"Surname,Forename,DOB\r\nB\x81ex,Idris,03/11/2017",
    ],
)
def test_what_is_no_csv_is_refused_with_how_to_make_one(content: bytes) -> None:
    assert refusal(content) == roll_file.NOT_A_CSV


@pytest.mark.parametrize("content", [b"", b" \r\n\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_said_to_be_empty(content: bytes) -> None:
    assert refusal(content) == "The selected file is empty"


def test_a_file_over_10mb_is_refused() -> None:
    content = sheet(HEADINGS, ZOFIA).encode()
    padding = b"\n" * (roll_file.LARGEST_BYTES - len(content) + 1)
    assert refusal(content + padding) == "The selected file must be smaller than 10MB"


def test_a_file_of_exactly_the_largest_size_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = sheet(HEADINGS, ZOFIA).encode()
    monkeypatch.setattr(roll_file, "LARGEST_BYTES", len(content))
    assert len(read_roll(content).rows) == 1
    assert "smaller than" in refusal(content + b"\n")


@pytest.mark.parametrize(
    "text", [sheet(ZOFIA, SIOBHAN), "Dear office, here is the roll", '{"Surname": "Bex"}']
)
def test_a_file_without_headings_is_asked_for_them(text: str) -> None:
    assert refusal(text.encode()) == roll_file.NO_HEADINGS


def test_a_missing_heading_is_named() -> None:
    assert (
        refusal(sheet(HEADINGS[:2], ZOFIA[:2]).encode())
        == "The selected file needs a column headed Date of birth"
    )


def test_the_same_heading_twice_is_named() -> None:
    text = sheet([*HEADINGS, "Surname"], [*ZOFIA, "Other"])
    assert refusal(text.encode()) == 'The selected file has two columns headed "Surname". Keep one'


def test_headings_alone_are_no_roll() -> None:
    assert refusal(sheet(HEADINGS).encode()) == "The selected file has headings but no pupils"


@pytest.mark.parametrize("broken", ['"Bex,Idris,03/11/2017,4\r\n', '"Bex"x,Idris,03/11/2017,4\r\n'])
def test_a_quotation_mark_out_of_place_never_swallows_the_rest_of_the_roll(broken: str) -> None:
    sentence = refusal((sheet(HEADINGS, ZOFIA) + broken + sheet(SIOBHAN)).encode())
    assert "quotation mark" in sentence
    assert "near line" in sentence


def test_a_cell_longer_than_a_spreadsheet_can_hold_is_refused() -> None:
    assert "Correct it and try again" in refusal(sheet(HEADINGS, ["B" * 200_000, "Idris", "", ""]).encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    with suppress(RollFileRefused):
        assert read_roll(b"Surname,Forename,DOB\r\n" + content).rows


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), min_size=4, max_size=4))
def test_any_text_in_cells_is_read_without_a_fuss(cells: list[str]) -> None:
    roll = read(ZOFIA, cells)
    assert roll.rows[0].surname == "Łukasiewicz"
    assert len(roll.rows) <= 2
