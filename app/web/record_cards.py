"""What each room knows about a pupil in short: filled at the composition root, read together in one statement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import ColumnElement, select

from app.kernel.access import Actor, Role
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class RecordCard:
    """`column` is one value of PostgreSQL about a pupil, `told` makes of it what `template` shows as `card`."""

    name: str
    template: str
    column: Callable[[UUID], ColumnElement[Any]]
    told: Callable[[Any], Any]
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Shown:
    template: str
    told: Any


def install(app: Flask, cards: Sequence[RecordCard]) -> None:
    app.config["RECORD_CARDS"] = tuple(cards)


def cards_of(pupil_id: UUID, actor: Actor) -> list[Shown]:
    """The cards that this person may see, in the order of the composition. Row security narrows what they say."""
    cards: list[RecordCard] = [card for card in current_app.config["RECORD_CARDS"] if actor.has(*card.roles)]
    if not cards:
        return []
    found = db.session.execute(select(*(card.column(pupil_id).label(card.name) for card in cards))).one()
    return [Shown(card.template, card.told(value)) for card, value in zip(cards, found, strict=True)]
