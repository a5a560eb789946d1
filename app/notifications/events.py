"""What happens to notifications."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationWritten(Event):
    """There is a message in somebody's inbox; a mail says so."""

    notification_id: UUID
