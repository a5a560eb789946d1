"""The street door: a host name becomes an audience and, where one is named, a tenant's slug."""

import re
from dataclasses import dataclass

RESERVED = frozenset(
    """family agency www api admin operator static assets mail smtp imap ns mx cdn status help support docs dev test
    login auth sso files storage s3 app front panel reply""".split()  # noqa: SIM905 - a list of words reads as words
)
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request knocked. `kind` is school-or-locality (decided by the registry), family, agency or front."""

    kind: str
    slug: str | None = None


def resolve(host: str, domain: str) -> Address | None:
    """Match the whole host, port included, against our own domain. Anything else is nobody: None, a 404."""
    if host == domain:
        return Address("front")
    label, dot, rest = host.partition(".")
    if not dot or rest != domain:
        return None
    if label in ("family", "agency"):
        return Address(label)
    return Address("tenant", label) if may_be_slug(label) else None


def may_be_slug(text: str) -> bool:
    """Whether a tenant may have this address: letters, digits and hyphens, and not one we keep for ourselves."""
    return bool(SLUG.fullmatch(text)) and text not in RESERVED
