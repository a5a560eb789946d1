"""What happens when a school asks, an adult answers, and something is shared or stopped."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAsked(Event):
    """Every adult with parental responsibility is told, in the same words and at the same time."""

    ask_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAnswered(Event):
    """Yes or no: the SENDCO is told that there is an answer."""

    ask_id: UUID
    consent_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """For the school. Each guest that could still read hears that its share has stopped."""

    ask_id: UUID
    consent_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareStopped(Event):
    """A school or a family has stopped sharing. The guest is told; the envelope outlives the share."""

    share_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentsExpiring(Event):
    """The morning look at consents that run out soon."""
