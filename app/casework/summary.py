"""The requests and referrals of a pupil in short, for the overview of the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

MOST = 5


@dataclass(frozen=True, slots=True)
class CaseInShort:
    """`day` is the London date on which it was begun."""

    id: UUID
    reference: str
    text: str
    tag: Mapping[str, str]
    day: date


def newest(model: Any, text: Any, *joins: Any, of: UUID) -> Any:
    """One JSON column: the newest cases of a pupil, `text` saying what each is about."""
    begun = func.date(func.timezone("Europe/London", model.created_at))
    rows = select(
        model.id, model.reference, text.label("text"), model.status, begun.label("day"), model.created_at
    )
    for join in joins:
        rows = rows.join(*join)
    few = (
        rows.where(model.pupil_id == of)
        .order_by(model.created_at.desc(), model.id.desc())
        .limit(MOST)
        .subquery()
    )
    facts = func.json_build_array(few.c.id, few.c.reference, few.c.text, few.c.status, few.c.day)
    return select(
        func.json_agg(facts).aggregate_order_by(few.c.created_at.desc(), few.c.id.desc())
    ).scalar_subquery()


def cases(
    found: Sequence[Sequence[str]] | None,
    statuses: Mapping[Any, tuple[str, str]],
    names: Mapping[Any, str] | None = None,
) -> list[CaseInShort]:
    """`statuses` gives words and colour of each status, `names` the words for what each is about."""
    return [
        CaseInShort(
            UUID(key),
            reference,
            names[text] if names else text,
            dict(zip(("text", "classes"), statuses[status], strict=True)),
            date.fromisoformat(day),
        )
        for key, reference, text, status, day in found or ()
    ]
