"""National lists as data with dates of validity, and the term dates that the partnership suggests."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

from app.kernel.calendar import Period, Term, TermDates
from app.kernel.names import search_key

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Code:
    """An entry of a list; a day before or after its validity it is history, not a choice."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None

    def is_valid(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class NeedCode(Code):
    """A type of need; some belong to no broad area, and NSA is only for SEN support."""

    broad_area: str | None
    provision_codes: tuple[str, ...]


AnyCode = TypeVar("AnyCode", bound=Code)


def need_codes(on: date) -> tuple[NeedCode, ...]:
    return _valid(_need_codes(), on)


def provision_codes(on: date) -> tuple[Code, ...]:
    return _valid(_codes("provision_codes"), on)


def broad_areas(on: date) -> tuple[Code, ...]:
    return _valid(_codes("broad_areas"), on)


def find_need_code(text: str, on: date) -> NeedCode | None:
    """The type of need with that code or name, however it is capitalised."""
    return _find(need_codes(on), text)


def find_provision_code(text: str, on: date) -> Code | None:
    return _find(provision_codes(on), text)


def is_old_provision_code(text: str, on: date) -> bool:
    """School Action, School Action Plus or a statement: still met in histories, replaced in 2014."""
    return _find(_codes("provision_codes"), text) is not None and find_provision_code(text, on) is None


@cache
def bank_holidays() -> frozenset[date]:
    """Bank holidays in England from 2019 to 2028."""
    return frozenset(date.fromisoformat(row["date"]) for row in _rows("bank_holidays_england"))


@cache
def suggested_term_dates() -> TermDates:
    """The partnership's calendar from September 2024 to July 2028; every school may set its own."""
    rows = tuple(_rows("term_dates"))
    inset_days = (date.fromisoformat(day) for row in rows for day in row["inset_days"].split())
    return TermDates(tuple(map(_term, rows)), frozenset(inset_days))


def is_known_local_authority(number: str) -> bool:
    """Whether an authority has used that 3-digit number; the list is never complete, so only ever warn."""
    return any(first <= number <= last for first, last in _local_authority_ranges())


@cache
def _need_codes() -> tuple[NeedCode, ...]:
    return tuple(
        NeedCode(
            code=row["code"],
            name=row["name"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=_optional_date(row["valid_to"]),
            broad_area=row["broad_area"] or None,
            provision_codes=tuple(row["provision_codes"].split()),
        )
        for row in _rows("need_codes")
    )


@cache
def _codes(list_name: str) -> tuple[Code, ...]:
    return tuple(
        Code(row["code"], row["name"], date.fromisoformat(row["valid_from"]), _optional_date(row["valid_to"]))
        for row in _rows(list_name)
    )


@cache
def _local_authority_ranges() -> tuple[tuple[str, str], ...]:
    return tuple((row["first"], row["last"]) for row in _rows("local_authority_numbers"))


def _term(row: dict[str, str]) -> Term:
    half_term = Period(
        date.fromisoformat(row["half_term_starts_on"]), date.fromisoformat(row["half_term_ends_on"])
    )
    return Term(
        row["term"], date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"]), half_term
    )


def _valid(codes: Iterable[AnyCode], on: date) -> tuple[AnyCode, ...]:
    return tuple(code for code in codes if code.is_valid(on))


def _find(codes: Iterable[AnyCode], text: str) -> AnyCode | None:
    wanted = _plain(text)
    return next((code for code in codes if wanted in (_plain(code.code), _plain(code.name))), None)


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    return search_key(text.replace("&", " and "))


def _optional_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(list_name: str) -> Iterator[dict[str, str]]:
    with (_DATA / f"{list_name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
