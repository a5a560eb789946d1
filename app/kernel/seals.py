"""Secrets that can be made again: links and codes are derived from an id and our key, so none is ever stored.

The web makes the row with a hash of the secret; the worker, later, makes the same secret again to mail it.
Everything new is made with the current key; keys before it only check and open what was made with them (ADR 0008).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.kernel.errors import Conflict

CODE_DIGITS = 6
_FINGERPRINT = "fingerprint:"
_keys: list[bytes] = []


def install(secret_key: str, previous: Iterable[str] = ()) -> None:
    """Set at the composition root, once for each process. `previous` are keys that were in use before."""
    _keys[:] = [key.encode() for key in (secret_key, *previous)]


def token(purpose: str, subject: UUID, serial: int = 0) -> str:
    """An unguessable text for a link: 256 bits, the same every time for the same subject and serial."""
    return _encoded(_digest(_token_of(purpose, subject, serial)))


def tokens(purpose: str, subject: UUID) -> list[str]:
    """The same text as it was made under this key or one before: to compare with, never to mail."""
    return [_encoded(_digest(_token_of(purpose, subject), key)) for key in _keys]


def code(purpose: str, subject: UUID) -> str:
    """Six digits for a mail. Few enough to guess, so tries are counted where it is checked."""
    number = int.from_bytes(_digest(f"code:{purpose}:{subject}")[:8], "big") % 10**CODE_DIGITS
    return f"{number:0{CODE_DIGITS}d}"


def fingerprint(secret: str) -> bytes:
    """What may be stored of a secret. Keyed, so that a stolen table of six-digit codes cannot be reversed."""
    return _digest(_FINGERPRINT + secret)


def fingerprints(secret: str) -> list[bytes]:
    """What may have been stored of a secret, under this key or one before: to compare with, never to store."""
    return [_digest(_FINGERPRINT + secret, key) for key in _keys]


def lock(text: str) -> bytes:
    """Encrypt a secret that must be read again (a TOTP seed)."""
    return _fernet(_keys[0]).encrypt(text.encode())


def unlock(locked: bytes) -> str:
    """Raises Conflict when it was locked with a key that we no longer hold."""
    try:
        return MultiFernet([_fernet(key) for key in _keys]).decrypt(locked).decode()
    except InvalidToken:
        raise Conflict("This sign-in was set up with an old key. Ask for a reset.") from None


def _token_of(purpose: str, subject: UUID, serial: int = 0) -> str:
    return f"token:{purpose}:{subject}:{serial}"


def _encoded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _fernet(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_digest("lock", key)))


def _digest(message: str, key: bytes | None = None) -> bytes:
    return hmac.new(key or _keys[0], message.encode(), hashlib.sha256).digest()
