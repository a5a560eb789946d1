"""Every address of the service and who may open it, as the apps themselves declare it."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from app.factory import create_hosts
from app.kernel.access import Audience
from app.web.access import Access, access_of
from infrastructure.settings import Settings
from tests.services import DOMAIN, SECRET

GOLDEN = Path(__file__).parent / "access.txt"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Nothing is asked of it: an address is only a promise until somebody knocks.
NOWHERE = {
    "DEMO": "1",
    "DOMAIN": DOMAIN,
    "SECRET_KEY": SECRET,
    "DATABASE_URL": "postgresql://nobody@localhost/nowhere",
}


def audience_apps() -> dict[Audience, Flask]:
    """The apps of all audiences, without any service behind them."""
    settings = Settings.from_environment(NOWHERE, needs=("database",))
    return dict(create_hosts(settings).apps)


def access_lines() -> list[str]:
    """One line for each audience, method and address."""
    lines = (line for audience, app in audience_apps().items() for line in _lines_of(audience, app))
    return sorted(lines)


def _lines_of(audience: Audience, app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        declared = access_of(app, rule.endpoint)
        for method in METHODS:
            if method in (rule.methods or ()):
                yield f"{audience} {method} {rule.rule} {rule.endpoint} {_words(declared)}"


def _words(declared: Access) -> str:
    if declared.open:
        return "open to all"
    return " ".join(sorted(declared.roles)) or "anybody signed in"
