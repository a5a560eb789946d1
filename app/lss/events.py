"""What happens to requests for Locality SEND Support."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LssRequestSubmitted(Event):
    """Addressed to the locality, which finds the pack under its own share."""

    request_id: UUID
    share_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LssRequestDecided(Event):
    """The school has the panel's decision: everybody who waits for it is told at the same time."""

    request_id: UUID
