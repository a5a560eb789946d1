"""What happens to the views of children and families."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilViewRecorded(Event):
    """A child said something and somebody wrote it down."""

    view_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyViewGiven(Event):
    """A family wrote online, or staff wrote down what they said."""

    view_id: UUID
