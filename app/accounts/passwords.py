"""Passwords: at least eight characters, none of the very common ones, not the person's own name."""

import re
import secrets
import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel.errors import Invalid

SHORTEST = 8
LONGEST = 256  # so that nobody makes us hash a book
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Verified for strangers, so that they wait as long as those we know.
_NOBODY = _HASHER.hash(secrets.token_urlsafe())
_COMMON = Path(__file__).parent / "data" / "common_passwords.txt"


def check(password: str, *, name: str, email: str) -> None:
    """Raises Invalid with what to choose instead."""
    if len(password) < SHORTEST:
        raise Invalid("password", f"Your password must be {SHORTEST} characters or more")
    if len(password) > LONGEST:
        raise Invalid("password", f"Your password must be {LONGEST} characters or fewer")
    bare = _bare(password)
    if bare in _own(name, email):
        raise Invalid("password", "Your password must not be your own name or e-mail address")
    if password.casefold() in _common() or bare in _common():
        raise Invalid(
            "password", "Choose a password that is harder to guess, such as three words of your own"
        )


def hash_of(password: str) -> str:
    return _HASHER.hash(_normal(password))


def is_right(stored: str | None, password: str) -> bool:
    """The same work whether there is anything to compare with or not."""
    try:
        return _HASHER.verify(stored or _NOBODY, _normal(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """The same characters from every keyboard."""
    return unicodedata.normalize("NFKC", password)


def _bare(text: str) -> str:
    """Without what people put around a word: numbers, marks and spaces."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$|\s+", "", text.casefold())


def _own(name: str, email: str) -> set[str]:
    parts = name.casefold().split()
    words = {
        *parts,
        "".join(parts),
        "".join(reversed(parts)),
        ".".join(parts),
        email,
        email.split("@", maxsplit=1)[0],
    }
    return {_bare(word) for word in words} - {""}


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text("utf-8").split())
