"""What happens to restricted notes."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeguardingNoteWritten(Event):
    """The safeguarding lead is told that there is one; not about whom."""

    note_id: UUID
