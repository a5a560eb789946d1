"""Secrets that can be made again: links and codes are derived from an id and our key, so none is ever stored.

The web makes the row with a hash of the secret; the worker, later, makes the same secret again to mail it.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken

from app.kernel.errors import Conflict

CODE_DIGITS = 6
_keys: list[bytes] = []


def install(secret_key: str) -> None:
    """Set at the composition root, once for each process."""
    _keys[:] = [secret_key.encode()]


def token(purpose: str, subject: UUID, serial: int = 0) -> str:
    """An unguessable text for a link: 256 bits, the same every time for the same subject and serial."""
    return base64.urlsafe_b64encode(_digest(f"token:{purpose}:{subject}:{serial}")).rstrip(b"=").decode()


def code(purpose: str, subject: UUID) -> str:
    """Six digits for a mail. Few enough to guess, so tries are counted where it is checked."""
    number = int.from_bytes(_digest(f"code:{purpose}:{subject}")[:8], "big") % 10**CODE_DIGITS
    return f"{number:0{CODE_DIGITS}d}"


def fingerprint(secret: str) -> bytes:
    """What may be stored of a secret. Keyed, so that a stolen table of six-digit codes cannot be reversed."""
    return _digest(f"fingerprint:{secret}")


def lock(text: str) -> bytes:
    """Encrypt a secret that must be read again (a TOTP seed)."""
    return _fernet().encrypt(text.encode())


def unlock(locked: bytes) -> str:
    """Raises Conflict when it was locked with a key that we no longer hold."""
    try:
        return _fernet().decrypt(locked).decode()
    except InvalidToken:
        raise Conflict("This sign-in was set up with an old key. Ask for a reset.") from None


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_digest("lock")))


def _digest(message: str) -> bytes:
    return hmac.new(_keys[0], message.encode(), hashlib.sha256).digest()
