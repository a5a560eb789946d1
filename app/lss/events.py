"""What happens to requests for Locality SEND Support."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LssRequestSubmitted(Event):
    """Addressed to the locality, which finds the pack under its own share."""

    request_id: UUID
    share_id: UUID
