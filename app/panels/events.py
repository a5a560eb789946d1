"""What happens at a panel."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelItemOpened(Event):
    """A request has arrived and waits for a meeting."""

    item_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalled(Event):
    """The clerk has sent the pack: members can read it."""

    meeting_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionIssued(Event):
    """Addressed to the home school, which reads the reply on its share."""

    decision_id: UUID
    share_id: UUID
