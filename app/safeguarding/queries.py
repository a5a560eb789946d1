"""Finding restricted notes. PostgreSQL shows none of them to anybody but the safeguarding lead."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import column, select, table

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
