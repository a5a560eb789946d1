"""What happens to requests for Locality SEND Support."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LssRequestAsked(Event):
    """The content is frozen and waits for the family's answer."""

    request_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LssRequestWithdrawn(Event):
    """The school took the request back after it was submitted: its share has ended."""

    request_id: UUID
    share_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LssRequestSubmitted(Event):
    """Addressed to the locality, which finds the pack under its own share."""

    request_id: UUID
    share_id: UUID
