"""From knock to answer: session, csrf, guard, view, settle. The status code decides whether anything is kept."""

import secrets
from collections.abc import Callable

import structlog
from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from sqlalchemy import text
from werkzeug.exceptions import NotFound as UnknownHost

from app.kernel.access import Audience
from app.web import access, csrf, idempotency, kept_forms, reads, uploads
from app.web.cookies import session_token
from infrastructure.database import binding as bindings
from infrastructure.database import door
from infrastructure.database.door import db
from tenants import registry

TENANT_HOSTS = (Audience.SCHOOL, Audience.LOCALITY)
# A form that comes back shows the record around it: nothing is kept, but somebody has looked.
SHOWN_AGAIN = (409, 422)


def install(app: Flask) -> None:
    access.install(app)
    csrf.install(app)
    app.before_request(_open)
    app.before_request(csrf.check)
    app.before_request(access.guard)
    app.before_request(_take_key)
    app.after_request(settle)
    app.teardown_request(_close)


def _open() -> None:
    g.request_id = secrets.token_hex(8)
    g.slug = request.environ.get("tenant.slug")
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if request.endpoint is None:
        return
    uploads.allow_size()
    actor = access.may_be_current_actor()
    if actor is not None:
        structlog.contextvars.bind_contextvars(tenant_id=str(actor.tenant_id))
    elif current_app.config["AUDIENCE"] in TENANT_HOSTS and request.endpoint not in (
        "web.static_file",
        "web.theme",
    ):
        g.tenant = registry.at_address(g.slug or "")
        if g.tenant is None:
            raise UnknownHost


def _take_key() -> Response | None:
    return idempotency.take() if request.method == "POST" else None


def settle(response: Response) -> Response:
    """2xx and 3xx commit, anything else rolls back; a page that shows a child is noted before it is sent."""
    if bindings.current() is None:
        return response
    kept = response.status_code < 400
    if request.method not in csrf.SAFE and kept:
        idempotency.keep(response)
        recorded = db.session.info.pop("recorded", False)
        db.session.commit()
        _after_commit(recorded)
    elif kept:
        # It was read only. After a ROLLBACK the driver forgets what it has prepared, and plans every page anew.
        db.session.commit()
    else:
        db.session.rollback()
    if kept or response.status_code in SHOWN_AGAIN:
        reads.write_noted()
    if kept:
        _touch()
        if request.method == "POST":
            kept_forms.drop_sent()
    return response


def _after_commit(recorded: bool) -> None:
    nudge: Callable[[], None] | None = current_app.config.get("NUDGE")
    if recorded and nudge is not None:
        nudge()


def _touch() -> None:
    token = session_token()
    user = current_user
    if token is not None and user.is_authenticated and user.row.stale:
        with door.at_the_door() as connection:
            connection.execute(text("select door.touch_session(:token)"), {"token": token})


def _close(_: BaseException | None) -> None:
    if bindings.current() is not None:
        door.close()
    bindings.assume(None)
    structlog.contextvars.clear_contextvars()
