"""When an award is paid: in equal parts, one at the start of each term that it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel.calendar import Term
from app.kernel.money import instalments

# School terms start about then; used only where nobody has entered the term dates so far ahead.
USUAL_STARTS = (("Spring", 1), ("Summer", 4), ("Autumn", 9))


@dataclass(frozen=True, slots=True)
class Payment:
    position: int
    term_name: str
    due_on: date
    amount_pence: int


def plan_payments(amount_pence: int, count: int, known: Sequence[Term], decided_on: date) -> list[Payment]:
    """As many terms as awarded, beginning with the one that runs now or comes next. A first payment of a term that
    has begun is due on the day of the decision."""
    terms = _terms_from(decided_on, known, count)
    parts = instalments(amount_pence, count)
    return [
        Payment(place, name, max(starts_on, decided_on), part)
        for place, ((name, starts_on), part) in enumerate(zip(terms, parts, strict=True), 1)
    ]


def _terms_from(day: date, known: Sequence[Term], count: int) -> list[tuple[str, date]]:
    ordered = sorted(known, key=lambda term: term.starts_on)
    found = [(term.name, term.starts_on) for term in ordered if term.ends_on >= day][:count]
    after = ordered[-1].ends_on if found else day
    if not found:
        found = [_usual_before(day)]
    while len(found) < count:
        name, starts_on = _usual_after(max(after, found[-1][1]))
        found.append((name, starts_on))
    return found


def _usual_before(day: date) -> tuple[str, date]:
    """The usual term that has begun last."""
    name, month = next((n, m) for n, m in reversed(USUAL_STARTS) if m <= day.month)
    return f"{name} {day.year}", date(day.year, month, 1)


def _usual_after(day: date) -> tuple[str, date]:
    for year in (day.year, day.year + 1):
        for name, month in USUAL_STARTS:
            if date(year, month, 1) > day:
                return f"{name} {year}", date(year, month, 1)
    raise AssertionError("There is always a next term")
