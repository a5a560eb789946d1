"""Finding what children and families have said."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, column, literal, select, table, union_all

from app.kernel import clock
from app.voice.models import FamilyView, PupilView
from infrastructure.database.door import db

_person = table("person", column("id"), column("name"))

CHILD_METHODS = {
    "attended": "said it in a meeting",
    "interview": "said it in a talk with an adult",
    "drawing": "drew it",
    "symbols": "showed it with pictures or symbols",
    "observation": "an adult watched and wrote it down",
    "proxy": "somebody who knows the child well said it for them",
}
FAMILY_METHODS = {"portal": "online", "paper": "on paper", "phone": "by phone", "meeting": "in a meeting"}


@dataclass(frozen=True, slots=True)
class PupilViewRead:
    """What the child said last."""

    id: UUID
    said_on: date
    method: str
    words: str
    written_down_by: str

    @property
    def how(self) -> str:
        return CHILD_METHODS[self.method]


@dataclass(frozen=True, slots=True)
class ViewRead:
    """One view in a list of everybody's. `by_child` tells the child's own from the family's."""

    id: UUID
    by_child: bool
    said_on: date
    method: str
    words: str
    said_by: str
    recorded_by: str | None

    @property
    def how(self) -> str:
        return (CHILD_METHODS if self.by_child else FAMILY_METHODS)[self.method]


def latest_pupil_view(pupil_id: UUID) -> PupilViewRead | None:
    view = PupilView
    row = db.session.execute(
        select(view.id, view.said_on, view.method, view.words, view.written_down_by)
        .where(view.pupil_id == pupil_id)
        .order_by(view.said_on.desc(), view.recorded_at.desc(), view.id.desc())
        .limit(1)
    ).first()
    return PupilViewRead(*row) if row else None


def list_views(pupil_id: UUID) -> list[ViewRead]:
    """Newest first: the child's views and those of the family that the reader may see."""
    both = union_all(_of_child(pupil_id), _of_family(pupil_id)).subquery()
    rows = db.session.execute(select(both).order_by(both.c.said_at.desc(), both.c.id.desc()))
    return [_read(*row) for row in rows]


def _of_child(pupil_id: UUID) -> Select[Any]:
    view = PupilView
    return (
        select(
            view.id.label("id"), literal(True).label("by_child"), cast(view.said_on, String).label("said_on"),
            view.method, view.words, view.written_down_by.label("said_by"),
            _person.c.name.label("recorded_by"), view.recorded_at.label("said_at"),
        )
        .outerjoin(_person, _person.c.id == view.recorded_by)
        .where(view.pupil_id == pupil_id)
    )  # fmt: skip


def _of_family(pupil_id: UUID) -> Select[Any]:
    view = FamilyView
    return (
        select(
            view.id, literal(False), literal(""), view.method, view.words, view.said_by,
            _person.c.name, view.said_at,
        )
        .outerjoin(_person, _person.c.id == view.recorded_by)
        .where(view.pupil_id == pupil_id)
    )  # fmt: skip


def _read(
    view_id: UUID, by_child: bool, said_on: str, method: str, words: str, said_by: str, recorded_by: str | None,
    said_at: datetime,
) -> ViewRead:  # fmt: skip
    day = date.fromisoformat(said_on) if said_on else clock.london(said_at).date()
    return ViewRead(view_id, by_child, day, method, words, said_by, recorded_by)
