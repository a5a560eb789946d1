"""What a handler is told besides its event."""

from dataclasses import dataclass
from uuid import UUID


class GiveUp(Exception):
    """Trying again cannot help (the mailbox does not exist): straight to the dead letters."""


@dataclass(frozen=True, slots=True)
class Errand:
    """`delivery_id` is the idempotency key for effects outside the database: the same on every attempt."""

    delivery_id: UUID
    tenant_id: UUID
    author_tenant_id: UUID
