"""How single cells of a school's roll are read: dates, year groups, yes and no."""

import re
from datetime import date

REAL_DATE = "{what} must be a real date written day, month, year, like 27/3/2018"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december", "sept",
)  # fmt: skip
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?\Z")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})")
_NAMED_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ \-/]*([a-z]{3,9})\.?,?[ \-/]*([0-9]{4}|[0-9]{2})")

_YEAR_GROUP = re.compile(r"(?:national curriculum year|nc ?year|year group|year|yr|y)? ?-?0?([0-9]{1,2})")
_EARLY_YEAR_GROUPS = {
    "r": "R", "yr": "R", "rec": "R", "reception": "R", "year r": "R", "f2": "R", "fs2": "R",
    "n1": "N1", "nursery 1": "N1", "n2": "N2", "nursery 2": "N2", "f1": "N2", "fs1": "N2",
    "e1": "E1", "e2": "E2", "x": "X",
}  # fmt: skip
_LAST_YEAR_GROUP = 14

_YES = {"y", "yes", "t", "true", "1", "pr"}
_NO = {"n", "no", "f", "false", "0", "none"}


def parse_date(text: str, *, what: str) -> date:
    """A date as schools write them; never one with a two-digit year, which could be either century."""
    year, month, day = _date_parts(_MIDNIGHT.sub("", text.strip()).casefold(), what)
    if len(year) < len("2018"):
        raise ValueError(f"{what} must have a year with 4 numbers, like 27/3/2018")
    try:
        return date(int(year), month, int(day))
    except ValueError:
        raise ValueError(REAL_DATE.format(what=what)) from None


def parse_year_group(text: str) -> str:
    """The year as the school census writes it: E1, E2, N1, N2, R, 1 to 14, or X for a mixed one."""
    plain = " ".join(text.casefold().split())
    if plain in _EARLY_YEAR_GROUPS:
        return _EARLY_YEAR_GROUPS[plain]
    match = _YEAR_GROUP.fullmatch(plain)
    if match and 1 <= int(match[1]) <= _LAST_YEAR_GROUP:
        return str(int(match[1]))
    raise ValueError("Year group must be N1, N2, R or a year from 1 to 14")


def parse_yes_no(text: str) -> bool | None:
    """None when nothing was said, which is never the same as no."""
    plain = text.strip().casefold()
    if not plain:
        return None
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise ValueError("must be yes or no")


def _date_parts(plain: str, what: str) -> tuple[str, int, str]:
    if match := _YEAR_FIRST.fullmatch(plain):
        return match[1], int(match[2]), match[3]
    if match := _DAY_FIRST.fullmatch(plain):
        return match[3], int(match[2]), match[1]
    if (match := _NAMED_MONTH.fullmatch(plain)) and match[2] in (*_MONTHS, *_MONTH_NAMES):
        return match[3], _MONTHS.index(match[2][:3]) + 1, match[1]
    raise ValueError(REAL_DATE.format(what=what))
