"""What happens to reviews."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecorded(Event):
    """A plan has been looked at together: one cycle is whole."""

    review_id: UUID
    plan_id: UUID
