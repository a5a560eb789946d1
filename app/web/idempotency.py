"""The same form sent twice has one effect and one answer: the key is taken in the same transaction as the work."""

import hashlib
from uuid import UUID

from flask import Response, g, redirect, request
from sqlalchemy import text

from app.kernel.errors import Invalid
from app.web.access import may_be_current_actor
from infrastructure.database.door import db

FIELD = "idempotency_key"
_TAKE = text("""
    insert into idempotency_key (tenant_id, person_id, key, route, body_hash)
    values (ctx.tenant(), ctx.person(), :key, :route, :body) on conflict do nothing""")
_READ = text("select route, body_hash, location from idempotency_key where key = :key")
_KEEP = text("update idempotency_key set location = :location where key = :key")


def take() -> Response | None:
    """Before the view. The answer given to the first sending, or None when this is the first."""
    actor = may_be_current_actor()
    key = _key()
    if actor is None or actor.tenant_id is None or key is None:
        return None
    body = _fingerprint()
    # A second sending waits here for the first to commit, then finds its answer.
    taken = db.session.execute(_TAKE, {"key": key, "route": request.path, "body": body})
    if taken.rowcount:  # type: ignore[attr-defined]
        g.idempotency_key = key
        return None
    row = db.session.execute(_READ, {"key": key}).one()
    if row.route != request.path or row.body_hash != body or row.location is None:
        raise Invalid(
            FIELD, "This form has already been sent with other answers. Reload the page to send it again."
        )
    return redirect(row.location, code=303)  # type: ignore[return-value]


def keep(response: Response) -> None:
    """After the view, before the commit: what to answer if the same form comes again."""
    key = g.get("idempotency_key")
    if key is not None:
        db.session.execute(_KEEP, {"key": key, "location": response.headers.get("Location", request.path)})


def _key() -> UUID | None:
    try:
        return UUID(request.form.get(FIELD, ""))
    except ValueError:
        return None


def _fingerprint() -> bytes:
    parts = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    return hashlib.sha256(repr(parts).encode()).digest()
