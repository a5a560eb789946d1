"""Links that are mailed: made from an id and our key whenever they are needed, so only a hash is ever stored."""

import hashlib
import hmac
from uuid import UUID

from app.kernel import seals

INVITATION = "invitation"
RESET = "reset"
_PATHS = {INVITATION: "/invitations/", RESET: "/password-resets/"}


def path(kind: str, subject: UUID, *, at: UUID | None = None) -> str:
    """With `at` it is good at this organisation only, even if another has a row with the same id."""
    return _PATHS[kind] + seals.token(_purpose(kind, at), subject)


def stored(kind: str, subject: UUID, *, at: UUID | None = None) -> bytes:
    """What the row keeps of the link."""
    return _hash(seals.token(_purpose(kind, at), subject))


def is_ours(kind: str, subject: UUID, held: bytes, *, at: UUID | None = None) -> bool:
    """Whether what a row keeps is of the link that we made for it, under this key or one before."""
    made = seals.tokens(_purpose(kind, at), subject)
    return any(hmac.compare_digest(held, _hash(token)) for token in made)


def _purpose(kind: str, at: UUID | None) -> str:
    return kind if at is None else f"{kind}:{at}"


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
