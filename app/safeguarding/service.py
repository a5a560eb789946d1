"""What can be done with restricted notes."""

from dataclasses import dataclass
from datetime import date

from app.kernel.access import Actor, authorise
from app.kernel.clock import today
from app.kernel.errors import Invalid
from app.kernel.events import record
from app.kernel.ids import new_id
from app.pupils.models import Pupil
from app.safeguarding import policy
from app.safeguarding.events import SafeguardingNoteWritten
from app.safeguarding.models import SafeguardingNote
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class Note:
    happened_on: date
    words: str


def write_note(actor: Actor, pupil: Pupil, note: Note) -> None:
    """Write down a worry for the safeguarding lead. The writer cannot read it back.

    Raises Invalid for a day that has not come yet.
    """
    authorise(actor, policy.can_write)
    if note.happened_on > today():
        raise Invalid("happened_on", "The date it happened must be today or in the past")
    written = SafeguardingNote(
        id=new_id(),
        pupil_id=pupil.id,
        written_by=actor.person_id,
        happened_on=note.happened_on,
        words=note.words,
    )
    db.session.add(written)
    record(SafeguardingNoteWritten(note_id=written.id))
