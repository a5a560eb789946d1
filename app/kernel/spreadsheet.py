"""Rows written for a spreadsheet, so that nothing a person typed is ever run as a formula (ASVS 1.2.10)."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

Cell = str | int | date | None

# Full-width forms count too: a spreadsheet set to Japanese or Chinese reads them as the plain ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CELL_BREAKS = ("\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet might take it for a formula."""
    text = text.replace("\0", "")
    return f"'{text}" if _may_be_formula(text) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given, for files that come back to us."""
    return text[1:] if text.startswith("'") and _may_be_formula(text[1:]) else text


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV that Excel opens with every accent right: UTF-8 with a byte order mark, all cells quoted."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (headings, *rows):
        writer.writerow([_as_text(cell) for cell in row])
    return sheet.getvalue().encode("utf-8-sig")


def _may_be_formula(text: str) -> bool:
    # Apostrophes in front are looked past, so that a cell can come back to exactly what it was.
    core = text.lstrip("'")
    return core.startswith(_CELL_BREAKS) or core.lstrip().startswith(_FORMULA_STARTS)


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    return safe_cell(cell) if isinstance(cell, str) else str(cell)
