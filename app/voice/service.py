"""Writing down what a child or a family says."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.access import Actor, Audience, authorise
from app.kernel.clock import today
from app.kernel.errors import Invalid
from app.kernel.events import record
from app.kernel.ids import new_id
from app.pupils.models import Pupil
from app.voice import policy
from app.voice.events import FamilyViewGiven, PupilViewRecorded
from app.voice.models import FamilyView, PupilView
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class ChildWords:
    said_on: date
    method: str
    words: str
    written_down_by: str


@dataclass(frozen=True, slots=True)
class FamilyWords:
    """What an adult of the family says. In the portal only `words` is asked; the rest is known."""

    words: str
    said_by: str = ""
    method: str = "portal"


def record_pupil_view(actor: Actor, pupil: Pupil, said: ChildWords) -> None:
    """Raises Invalid for a day that has not come yet."""
    authorise(actor, policy.can_write_down)
    if said.said_on > today():
        raise Invalid("said_on", "The date must be today or in the past")
    view = PupilView(
        id=new_id(),
        pupil_id=pupil.id,
        said_on=said.said_on,
        method=said.method,
        words=said.words,
        written_down_by=said.written_down_by,
        recorded_by=actor.person_id,
    )
    db.session.add(view)
    record(PupilViewRecorded(view_id=view.id))


def record_family_view(actor: Actor, pupil_id: UUID, said: FamilyWords) -> None:
    """A family writes for itself; staff write down what the family said on paper, by phone or in a meeting."""
    authorise(actor, policy.can_give)
    at_home = actor.audience is Audience.FAMILY
    if not at_home and not said.said_by:
        raise Invalid("said_by", "Enter who said it")
    view = FamilyView(
        id=new_id(),
        pupil_id=pupil_id,
        guardianship_id=actor.scope_id if at_home else None,
        person_id=actor.person_id if at_home else None,
        said_by=actor.name if at_home else said.said_by,
        method="portal" if at_home else said.method,
        words=said.words,
        recorded_by=None if at_home else actor.person_id,
    )
    db.session.add(view)
    record(FamilyViewGiven(view_id=view.id))
