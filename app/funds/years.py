"""Financial years: from 1 April, written 2026-27 and said 2026 to 2027."""

from datetime import date

APRIL = 4


def year_of(day: date) -> str:
    first = day.year if day.month >= APRIL else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def choices(today: date) -> list[str]:
    """This financial year and the next."""
    return [year_of(today), year_of(today.replace(day=1, year=today.year + 1))]


def said(year: str) -> str:
    return f"{year[:4]} to {int(year[:4]) + 1}"
