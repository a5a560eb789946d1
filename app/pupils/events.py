"""What happens to pupils and to those who care for them."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianInvited(Event):
    """Somebody was looked at twice and may now sign in to the family portal."""

    guardianship_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessChanged(Event):
    """Proposed, confirmed or taken back. Only the headteacher and the safeguarding lead hear of it."""

    access_change_id: UUID
    pupil_id: UUID
