"""What the page around every page needs to know: names, navigation, static files, session time."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

from app.kernel import clock, money
from app.kernel.access import Audience
from app.web import kept_forms
from app.web.access import may_be_current_actor
from app.web.navigation import items_for

BUILD = Path(__file__).parent / "static" / "build"
SERVICE = "SEND Support"
SESSION_SECONDS = 30 * 60


def install(app: Flask) -> None:
    app.context_processor(lambda: {"site": _site(), "actor": may_be_current_actor()})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["endpoint_exists"] = lambda name: name in app.view_functions
    app.jinja_env.filters |= {"pounds": money.format_pounds, "day": _day, "moment": _moment}


def _site() -> dict[str, Any]:
    actor = may_be_current_actor()
    audience: Audience = current_app.config["AUDIENCE"]
    name, colour = _tenant()
    return {
        "service_name": SERVICE,
        "tenant_name": name,
        "home_url": "/",
        "audience": audience.value,
        "theme_url": url_for("web.theme", colour=colour.lstrip("#")) if colour else None,
        "static": static,
        "sign_out_url": url_for("accounts.remove_session")
        if actor and _knows("accounts.remove_session")
        else None,
        "account_name": actor.name if actor else None,
        "account_url": url_for("accounts.list_sessions")
        if actor and _knows("accounts.list_sessions")
        else None,
        "navigation": _navigation(actor),
        "footer_links": _footer(),
        "is_demo": current_app.config["DEMO"],
        "kept_url": _kept_url(),
        "session_seconds": SESSION_SECONDS if actor else None,
        "extend_url": url_for("web.extend_session") if actor else None,
    }


def _kept_url() -> str | None:
    """The form that was kept when the last session ran out, but not on its own page."""
    if not current_user.is_authenticated or current_user.row.kept is None:
        return None
    on_its_page = request.endpoint == "web.show_kept_form" or kept_forms.FIELD in request.form
    return None if on_its_page else url_for("web.show_kept_form", kept_id=current_user.row.kept)


def _tenant() -> tuple[str | None, str | None]:
    if current_user.is_authenticated:
        # A family is between schools: its pages keep the neutral colour of the service. So do an agency's, which come
        # by mail to a phone and are lighter for it.
        row, audience = current_user.row, current_app.config["AUDIENCE"]
        if audience is Audience.FAMILY:
            return None, None
        return row.tenant_name, None if audience is Audience.AGENCY else row.tenant_colour
    tenant = g.get("tenant")
    return (tenant.name, tenant.colour) if tenant else (None, None)


def _navigation(actor: Any) -> list[dict[str, Any]]:
    here = request.blueprint
    shown = [item for item in items_for(actor, current_app.config["NAVIGATION"]) if _knows(item.endpoint)]
    return [
        {
            "text": item.text,
            "href": url_for(item.endpoint),
            "active": item.endpoint.split(".")[0] == here,
            "badge": current_user.row.unread if item.counts_unread else 0,
            "badgeLabel": "not read yet",
        }
        for item in shown
    ]


def _footer() -> list[dict[str, str]]:
    pages = (
        ("Privacy", "privacy"),
        ("Cookies", "cookies"),
        ("Accessibility statement", "accessibility"),
        ("Help", "help"),
    )
    return [{"text": text, "href": url_for("web.about", topic=topic)} for text, topic in pages]


def _knows(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


@lru_cache
def _digest(newest: float) -> str:  # noqa: ARG001 - the key of the cache
    """Of all built files together: scripts import each other by relative address."""
    digest = hashlib.sha256()
    for path in sorted(BUILD.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def static(name: str) -> str:
    """The address of a built file. The build is in the address, so browsers may keep it for ever."""
    newest = max((path.stat().st_mtime for path in BUILD.iterdir()), default=0.0) if BUILD.exists() else 0.0
    return url_for("web.static_file", digest=_digest(newest) if newest else "unbuilt", name=name)


def _day(value: Any) -> str:
    """3 December 2026."""
    return f"{value.day} {value:%B %Y}" if value else ""


def _moment(value: Any) -> str:
    """3 December 2026 at 9:32am, London time."""
    if not value:
        return ""
    there = clock.london(value)
    return (
        f"{there.day} {there:%B %Y} at {there.hour % 12 or 12}:{there:%M}{'am' if there.hour < 12 else 'pm'}"
    )
