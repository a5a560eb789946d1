"""Finding restricted notes. PostgreSQL shows none of them to anybody but the safeguarding lead."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import column, func, select, table

from app.pupils.models import Pupil
from app.safeguarding.models import SafeguardingNote
from infrastructure.database.door import db

_person = table("person", column("id"), column("name"))


@dataclass(frozen=True, slots=True)
class NoteRead:
    id: UUID
    happened_on: date
    words: str
    written_at: datetime
    written_by: str


@dataclass(frozen=True, slots=True)
class Recent:
    """A note on the safeguarding lead's list: about whom and when, not what."""

    pupil_id: UUID
    pupil_name: str
    written_at: datetime


def list_recent(most: int = 50) -> list[Recent]:
    """Newest first."""
    rows = db.session.execute(
        select(
            Pupil.id,
            func.concat(Pupil.preferred_forename, " ", Pupil.legal_surname),
            SafeguardingNote.written_at,
        )
        .join(
            Pupil,
            (Pupil.tenant_id == SafeguardingNote.tenant_id) & (Pupil.id == SafeguardingNote.pupil_id),
        )
        .order_by(SafeguardingNote.written_at.desc(), SafeguardingNote.id.desc())
        .limit(most)
    )
    return [Recent(*row) for row in rows]


def list_notes(pupil_id: UUID) -> list[NoteRead]:
    """Newest first."""
    note = SafeguardingNote
    rows = db.session.execute(
        select(note.id, note.happened_on, note.words, note.written_at, _person.c.name)
        .join(_person, _person.c.id == note.written_by)
        .where(note.pupil_id == pupil_id)
        .order_by(note.written_at.desc(), note.id.desc())
    )
    return [NoteRead(*row) for row in rows]
