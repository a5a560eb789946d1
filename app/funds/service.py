"""What can be done with the locality's money."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.funds import policy, queries
from app.funds.models import EntryKind, Fund, FundEntry
from app.funds.years import choices, said
from app.kernel.access import Actor, authorise
from app.kernel.clock import today
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from app.kernel.money import format_pounds
from infrastructure.database.door import db

BALANCE_RULE = "ck_fund_balance"
CLOSED = (
    "You take no part in a request that this fund pays for. "
    "Ask a colleague in finance to take money out of this fund"
)


@dataclass(frozen=True, slots=True)
class Opening:
    name: str
    year: str
    amount_pence: int


@dataclass(frozen=True, slots=True)
class TopUp:
    amount_pence: int
    note: str


@dataclass(frozen=True, slots=True)
class Correction:
    direction: str
    amount_pence: int
    note: str


def open_fund(actor: Actor, opening: Opening) -> Fund:
    """A fund begins with what is paid into it. Raises Invalid for a second fund of the same name and year."""
    authorise(actor, policy.can_keep)
    if opening.year not in choices(today()):
        raise Invalid("year", "Select the financial year of the fund")
    if queries.find_fund(opening.name, opening.year):
        raise Invalid("name", f"There is already a fund called {opening.name} for {said(opening.year)}")
    fund = Fund(id=new_id(), name=opening.name, year=opening.year)
    db.session.add(fund)
    db.session.flush()  # the entry's trigger looks the fund up
    _write(actor, fund, EntryKind.OPENING, opening.amount_pence)
    return fund


def top_up(actor: Actor, fund: Fund, more: TopUp) -> None:
    authorise(actor, policy.can_keep)
    _write(actor, fund, EntryKind.TOP_UP, more.amount_pence, note=more.note)


def correct(actor: Actor, fund: Fund, entry: FundEntry, correction: Correction) -> None:
    """A new entry that puts an old one right. Raises Invalid when it would take more than the fund has, and for
    whoever may not know how much that is."""
    authorise(actor, policy.can_keep)
    sign = -1 if correction.direction == "take_out" else 1
    if sign < 0 and queries.get_fund(fund.id).closed:
        raise Invalid("direction", CLOSED)
    with refusing_overdraft(fund.id, "amount_pence"):
        _write(
            actor, fund, EntryKind.CORRECTION, sign * correction.amount_pence,
            note=correction.note, corrects_id=entry.id,
        )  # fmt: skip


@contextmanager
def refusing_overdraft(fund_id: UUID, field: str) -> Iterator[None]:
    """Whatever is written inside cannot take a fund below nothing, however many do it at once.

    PostgreSQL decides, because only it knows what the others have just taken; this turns its no into a sentence.
    """
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        diagnosis: Any = getattr(error.orig, "diag", None)
        if diagnosis is None or diagnosis.constraint_name != BALANCE_RULE:
            raise
        left = queries.get_fund(fund_id).balance_pence
        short = (
            "The fund does not have that much left"
            if left is None
            else f"The fund has {format_pounds(left)} left"
        )
        raise Invalid(field, f"{short}. Enter a smaller amount or choose another fund") from error


def _write(actor: Actor, fund: Fund, kind: EntryKind, amount_pence: int, **more: Any) -> None:
    entry = FundEntry(
        id=new_id(), fund_id=fund.id, kind=kind, amount_pence=amount_pence, person_id=actor.person_id, **more
    )
    db.session.add(entry)
