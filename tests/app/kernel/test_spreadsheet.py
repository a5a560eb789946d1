"""Nothing that a person typed runs as a formula when someone opens our file."""

import csv
import io
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kernel.spreadsheet import csv_bytes, plain_cell, safe_cell

TEXT = st.text(st.characters(codec="utf-8"))
TRICKY = st.text(st.sampled_from("=+-@'\t\r\n \0\u00a0\uff1d\uff0b\uff0d\uff20a1,\"")) | TEXT


def opened(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@given(TRICKY)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    [[cell]] = opened(csv_bytes([text], []))
    assert not cell.startswith(("\t", "\r", "\n", "\0"))
    assert not cell.strip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))


@given(TRICKY)
@example("'=1+1")
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text.replace("\0", "")


@pytest.mark.parametrize("text", ["Noor", "O'Rahilly", "'t Hooft", "07700 900001", "a=b", "", "陈"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert safe_cell(text) == text
    assert plain_cell(text) == text


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "+44 7700 900001", "-1", "@here", "\t=1", " =1", "\uff1d1"]
)
def test_what_might_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=5))
def test_every_row_and_cell_arrives(rows: list[list[str]]) -> None:
    sheet = opened(csv_bytes(["First", "Second"], rows))
    assert [[plain_cell(cell) for cell in row] for row in sheet[1:]] == [
        [cell.replace("\0", "") for cell in row] for row in rows
    ]


def test_the_file_is_what_excel_opens_without_asking() -> None:
    content = csv_bytes(["Name", "Pence", "Born on", "Left on"], [["Łucja", -5, date(2018, 3, 27), None]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == (
        '"Name","Pence","Born on","Left on"\r\n"Łucja","-5","2018-03-27",""\r\n'
    )
