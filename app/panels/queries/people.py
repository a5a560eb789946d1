"""Whom to tell about the panel's business. For jobs, which see who is recused and why."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.panels.models import PanelItem, Recusal
from infrastructure.database.door import db


def free_of_conflict(item_id: UUID, people: Iterable[UUID]) -> list[UUID]:
    """Those of the people who may know of the item; nobody when there is no such item."""
    share_id = db.session.scalar(select(PanelItem.share_id).where(PanelItem.id == item_id))
    return [] if share_id is None else without_conflict(share_id, people)


def without_conflict(share_id: UUID, people: Iterable[UUID]) -> list[UUID]:
    """Those of the people who were never kept away from what was shared, also after it has ended."""
    recused = set(db.session.scalars(select(Recusal.person_id).where(Recusal.share_id == share_id)))
    return [person_id for person_id in people if person_id not in recused]
