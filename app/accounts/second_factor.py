"""The second factor: codes of an authenticator app, each good once, and recovery codes for a lost phone."""

import hmac
import re
import secrets

import pyotp
import segno

from app.kernel import clock, seals

STEP_SECONDS = 30
RECOVERY_CODES = 10
# No letters or digits that look alike on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    return str(pyotp.random_base32())


def matching_step(secret: str, typed: str) -> int | None:
    """The half minute that a code belongs to: this one, the one before or the one after. None when it is wrong."""
    code = re.sub(r"\D", "", typed)
    now = _step()
    found = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(code_at(secret, step), code)]
    return found[-1] if found else None


def code_at(secret: str, step: int) -> str:
    return str(pyotp.TOTP(secret).at(step * STEP_SECONDS))


def next_code(secret: str, last_step: int) -> str:
    """For the demo: a code that will be taken now, also right after one was used."""
    return code_at(secret, min(max(_step(), last_step + 1), _step() + 1))


def picture(secret: str, *, account: str, organisation: str) -> str:
    """A QR code as the address of an image."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=f"SEND Support, {organisation}")
    return str(segno.make(uri, error="m").svg_data_uri(scale=5, light="#fff"))


def spaced(secret: str) -> str:
    """The key for those who cannot scan: in groups of four."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def new_recovery_codes() -> list[str]:
    halves = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2 * RECOVERY_CODES))
    return [f"{first}-{second}" for first, second in zip(halves, halves, strict=True)]


def recovery_hash(code: str) -> bytes:
    return seals.fingerprint(_recovery(code))


def recovery_hashes(typed: str) -> list[bytes]:
    """One for each key under which the code may have been made."""
    return seals.fingerprints(_recovery(typed))


def _recovery(code: str) -> str:
    return "recovery:" + re.sub(r"[\W_]", "", code).lower()


def _step() -> int:
    return int(clock.now().timestamp()) // STEP_SECONDS
