"""Tries counted in PostgreSQL, each in its own short transaction: for one account, and for one network."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from app.kernel import seals
from infrastructure.database.door import at_the_door

WINDOW = timedelta(hours=1)
# For one account from one network, so that a stranger elsewhere shuts nobody out; and from all networks together, which
# with a second step behind every password is still hopeless to guess with.
OF_ACCOUNT = 10
OF_ACCOUNT_EVERYWHERE = 100
OF_NETWORK = 100
MAILS_OF_ACCOUNT = 3
MAILS_OF_ACCOUNT_EVERYWHERE = 15

_COUNT = text("select door.count_attempt(:key, :limit, :window)")
_FORGIVE = text("select door.forgive_attempt(:key)")


class TooManyTries(Exception):
    """For an hour from the first of them. Guessing at an account never closes it for longer than that."""

    sentence = "There were too many tries in the last hour. Wait an hour, then try again."


@dataclass(frozen=True, slots=True)
class Visit:
    """Who knocks, as far as anybody can tell: at which organisation's address, from which network and device."""

    slug: str | None
    network: str
    device: str


def count(what: str, subject: str, visit: Visit, *, everywhere: int = OF_ACCOUNT) -> None:
    """Raises TooManyTries. A network that is shut out no longer counts against anybody's account."""
    within = (
        _allowed(_network_key(what, visit), OF_NETWORK)
        and _allowed(_key_here(what, subject, visit), OF_ACCOUNT)
        and _allowed(_key(what, subject), everywhere)
    )
    if not within:
        raise TooManyTries


def count_network(what: str, visit: Visit) -> None:
    if not _allowed(_network_key(what, visit), OF_NETWORK):
        raise TooManyTries


def may_mail(what: str, subject: str, visit: Visit) -> bool:
    """Too many mails to one address send no more, and nobody is told."""
    return _allowed(_key_here(what, subject, visit), MAILS_OF_ACCOUNT) and _allowed(
        _key(what, subject), MAILS_OF_ACCOUNT_EVERYWHERE
    )


def may_mail_here(what: str, tenant_id: UUID, person_id: UUID) -> bool:
    """Mails that an organisation has sent to one person. Whoever asks for too many is known, and is told."""
    return _allowed(_key(what, f"{tenant_id}:{person_id}"), MAILS_OF_ACCOUNT)


def forgive(what: str, subject: str, visit: Visit) -> None:
    """Whoever knew the secret was not guessing."""
    _forgive(_network_key(what, visit), _key_here(what, subject, visit), _key(what, subject))


def forgive_network(what: str, visit: Visit) -> None:
    _forgive(_network_key(what, visit))


def _forgive(*keys: bytes) -> None:
    with at_the_door() as door:
        for key in keys:
            door.execute(_FORGIVE, {"key": key})


def network_of(address: str | None) -> str:
    """The /24 or /56 that an address belongs to: what one household or one attacker commands at least."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 56}", strict=False))


def _allowed(key: bytes, limit: int) -> bool:
    with at_the_door() as door:
        return bool(door.scalar(_COUNT, {"key": key, "limit": limit, "window": WINDOW}))


def _key(what: str, subject: str) -> bytes:
    return seals.fingerprint(f"attempt:{what}:{subject}")


def _key_here(what: str, subject: str, visit: Visit) -> bytes:
    return _key(what, f"{subject}:{visit.network}")


def _network_key(what: str, visit: Visit) -> bytes:
    return _key(what, f"network:{visit.network}")
