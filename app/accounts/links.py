"""Links that are mailed: made from an id and our key whenever they are needed, so only a hash is ever stored."""

import hashlib
from uuid import UUID

from app.kernel import seals

INVITATION = "invitation"
RESET = "reset"
_PATHS = {INVITATION: "/invitations/", RESET: "/password-resets/"}


def path(kind: str, subject: UUID) -> str:
    return _PATHS[kind] + seals.token(kind, subject)


def stored(kind: str, subject: UUID) -> bytes:
    """What the row keeps of the link."""
    return hashlib.sha256(seals.token(kind, subject).encode()).digest()
