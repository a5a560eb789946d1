"""What can be done with term dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm.attributes import set_committed_value

from app.kernel.access import Actor, authorise
from app.kernel.clock import today
from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import new_id
from app.settings import codes, policy, queries
from app.settings.models import SchoolTerm
from app.settings.queries import TermRead
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class TermDetails:
    """A term as it is typed; `version` is 0 for a new one."""

    name: str
    starts_on: date
    ends_on: date
    half_term_starts_on: date | None
    half_term_ends_on: date | None
    version: int


def add_term(actor: Actor, details: TermDetails) -> None:
    authorise(actor, policy.can_keep_terms)
    _check(details, queries.list_terms(), None)
    db.session.add(_filled(SchoolTerm(id=new_id()), details))


def change_term(actor: Actor, term: SchoolTerm, details: TermDetails) -> None:
    authorise(actor, policy.can_keep_terms)
    _check(details, queries.list_terms(), term.id)
    set_committed_value(term, "version", details.version)
    _filled(term, details)


def remove_term(actor: Actor, term: SchoolTerm) -> None:
    authorise(actor, policy.can_keep_terms)
    db.session.delete(term)


def take_suggested(actor: Actor) -> None:
    """Start from the partnership's calendar. Raises Conflict once there are terms: they would be mixed up."""
    authorise(actor, policy.can_keep_terms)
    if queries.list_terms():
        raise Conflict("You have set term dates already. Change them one by one.")
    for term in codes.suggested_term_dates():
        if term.ends_on >= today():
            half = term.half_term
            db.session.add(
                SchoolTerm(
                    id=new_id(),
                    name=term.name,
                    starts_on=term.starts_on,
                    ends_on=term.ends_on,
                    half_term_starts_on=half.starts_on if half else None,
                    half_term_ends_on=half.ends_on if half else None,
                )
            )


def _filled(term: SchoolTerm, details: TermDetails) -> SchoolTerm:
    term.name, term.starts_on, term.ends_on = details.name, details.starts_on, details.ends_on
    term.half_term_starts_on = details.half_term_starts_on
    term.half_term_ends_on = details.half_term_ends_on
    return term


def _check(details: TermDetails, known: Sequence[TermRead], own_id: UUID | None) -> None:
    if details.ends_on <= details.starts_on:
        raise Invalid("ends_on", "The last day must be after the first day")
    _check_half_term(details)
    for term in known:
        if term.id != own_id and term.starts_on <= details.ends_on and details.starts_on <= term.ends_on:
            raise Invalid("starts_on", f"These dates run into {term.name}. Terms must not overlap")


def _check_half_term(details: TermDetails) -> None:
    first, last = details.half_term_starts_on, details.half_term_ends_on
    if first is None and last is None:
        return
    if first is None:
        raise Invalid("half_term_starts_on", "Enter the first day of half term, or leave both empty")
    if last is None:
        raise Invalid("half_term_ends_on", "Enter the last day of half term, or leave both empty")
    if last < first:
        raise Invalid("half_term_ends_on", "The last day of half term must be the first day or later")
    if not details.starts_on < first <= last < details.ends_on:
        raise Invalid("half_term_starts_on", "Half term must be inside the term")
