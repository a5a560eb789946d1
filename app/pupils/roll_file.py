"""A school's roll from a CSV file: whatever its system exports, each row read, nothing silently dropped."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.kernel.names import tidy
from app.kernel.spreadsheet import plain_cell
from app.pupils.roll_headings import REQUIRED, Columns, SameHeadingTwice, match_headings
from app.pupils.roll_matches import compare_rows
from app.pupils.roll_rows import Problem, RollRow, read_row

LARGEST_MEGABYTES = 10  # two thousand pupils with all that we read are less than one
LARGEST_BYTES = LARGEST_MEGABYTES * 1024 * 1024
MOST_PUPILS = 5_000

EMPTY = "The selected file is empty"
NOT_A_CSV = "The selected file must be a CSV. In Excel, choose Save as and then CSV"
NO_HEADINGS = "The selected file must start with headings, with at least Surname, Forename and Date of birth"

_DELIMITERS = (",", ";", "\t", "|")
_ROWS_TO_FIND_HEADINGS_IN = 20  # reports often start with a title, a date and an empty line
# Spreadsheets, PDF, rich text, pictures, web pages: files chosen by mistake, by how they begin.
_OTHER_KINDS = (
    b"PK\x03\x04",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"<",
)
_NOT_IN_TEXT = frozenset(map(chr, range(32))) - frozenset("\t\n\r\x0b\x0c\x1a")


class RollFileRefused(ValueError):
    """The file as a whole cannot be read; the sentence says what to do."""


class _QuoteOutOfPlace(RollFileRefused):
    """Rows can no longer be told apart."""


@dataclass(frozen=True, slots=True)
class Roll:
    """The rows of a file, and the headings that were not used, to show before anything is added."""

    rows: tuple[RollRow, ...]
    unused_headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    columns: Columns
    width: int
    records: Iterator[tuple[int, list[str]]]


def read_roll(content: bytes) -> Roll:
    """Every pupil in the file, or one sentence about why it cannot be read at all."""
    _check_file(content)
    sheet = _sheet(_decoded(content))
    rows: list[RollRow] = []
    for row_number, cells in sheet.records:
        if not any(cells):
            continue
        if len(rows) == MOST_PUPILS:
            raise RollFileRefused(f"The selected file must have {MOST_PUPILS:,} pupils or fewer")
        row = read_row(row_number, sheet.columns.read(cells))
        rows.append(_with_extra_cells(row, cells[sheet.width :]))
    if not rows:
        raise RollFileRefused("The selected file has headings but no pupils")
    return Roll(tuple(compare_rows(rows)), sheet.columns.unused)


def _check_file(content: bytes) -> None:
    if not content.strip():
        raise RollFileRefused(EMPTY)
    if len(content) > LARGEST_BYTES:
        raise RollFileRefused(f"The selected file must be smaller than {LARGEST_MEGABYTES}MB")
    if content.startswith(_OTHER_KINDS):
        raise RollFileRefused(NOT_A_CSV)


def _decoded(content: bytes) -> str:
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError:
        raise RollFileRefused(NOT_A_CSV) from None
    if not _NOT_IN_TEXT.isdisjoint(text):
        raise RollFileRefused(NOT_A_CSV)
    if not text.strip():
        raise RollFileRefused(EMPTY)
    return text


def _encoding(content: bytes) -> str:
    """UTF-16 says so or shows it in its first letters; what is not UTF-8 is from an older Windows program."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content[1:4:2] == b"\0\0":
        return "utf-16-le"
    if content[0:3:2] == b"\0\0":
        return "utf-16-be"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _sheet(text: str) -> _Sheet:
    """The reading that finds the most headings: a comma is the usual delimiter, not the only one."""
    sheets = [sheet for delimiter in _DELIMITERS if (sheet := _find_headings(_records(text, delimiter)))]
    if not sheets:
        raise RollFileRefused(NO_HEADINGS)
    best = max(sheets, key=lambda sheet: len(sheet.columns.places))
    if best.columns.missing:
        raise RollFileRefused(f"The selected file needs a column headed {' and '.join(best.columns.missing)}")
    return best


def _find_headings(records: Iterator[tuple[int, list[str]]]) -> _Sheet | None:
    try:
        for _, (_, cells) in zip(range(_ROWS_TO_FIND_HEADINGS_IN), records, strict=False):
            columns = match_headings(cells)
            if sum(field in columns.places for field in REQUIRED) > 1:
                return _Sheet(columns, len(cells), records)
    except SameHeadingTwice as error:
        raise RollFileRefused(f'The selected file has two columns headed "{error}". Keep one') from None
    except _QuoteOutOfPlace:
        return None  # most often only the wrong delimiter
    return None


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows as a spreadsheet numbers them, empty ones too; cells are tidy and otherwise as typed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row_number, record in enumerate(reader, start=1):
            yield row_number, [plain_cell(tidy(cell)) for cell in record]
    except csv.Error:
        sentence = f'The selected file has a quotation mark (") out of place near line {reader.line_num}'
        raise _QuoteOutOfPlace(f"{sentence}. Correct it and try again") from None


def _with_extra_cells(row: RollRow, extra: Sequence[str]) -> RollRow:
    """A comma inside an unquoted cell pushes the rest of a row into the wrong columns."""
    if not any(extra):
        return row
    sentence = "This row has more cells than there are headings. Check for a comma inside one of them"
    return replace(row, problems=(Problem("row", sentence), *row.problems))
