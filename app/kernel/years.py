"""Year groups as numbers, in words, and from a date of birth: 0 is Reception, below it are the nursery years."""

from datetime import date

FIRST, LAST = -2, 14
_EARLY = {-2: "Nursery 1", -1: "Nursery 2", 0: "Reception"}
_AUTUMN = 9
_AGE_IN_RECEPTION = 5  # reached during the school year


def year_name(year_group: int) -> str:
    return _EARLY.get(year_group) or f"Year {year_group}"


def year_from_code(code: str) -> int | None:
    """From the census code; None for the codes that do not say (X for a mixed group, E1 and E2)."""
    if code.isdigit():
        return int(code)
    return {"N1": -2, "N2": -1, "R": 0}.get(code)


def year_for(born_on: date, on: date) -> int:
    """The year group that most children born then are in on that day."""
    return min(max(_school_year(on) - _school_year(born_on) - _AGE_IN_RECEPTION, FIRST), LAST)


def year_choices() -> list[dict[str, str]]:
    return [{"value": str(year), "text": year_name(year)} for year in range(FIRST, LAST + 1)]


def _school_year(day: date) -> int:
    return day.year if day.month >= _AUTUMN else day.year - 1
