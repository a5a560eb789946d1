"""What happens to accounts."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAsked(Event):
    """Somebody wants a code by mail: a parent, or the agency at the end of a link. Written by the door."""

    code_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited(Event):
    """Also when the invitation is sent again."""

    invitation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordResetAsked(Event):
    """Written by the door."""

    reset_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """Written by the door. The person is told, in case it was not them."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed(Event):
    """Written by the door. The person is told, in case it was not them."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorReset(Event):
    """The person is told, in case they did not ask for it."""

    person_id: UUID
