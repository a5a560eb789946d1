"""A form must come from our own page: a token bound to the session, and the browser's word on where it came from.

SameSite does not protect one school's subdomain from another's, so neither check stands alone (ADR 0006).
"""

import hashlib
import hmac
import secrets
from typing import Any

from flask import Flask, current_app, request, session
from markupsafe import Markup

from app.kernel.errors import Forbidden
from app.web.access import may_be_current_actor
from app.web.cookies import session_token

FIELD = "csrf_token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SENTENCE = (
    "This form was open for too long or came from another place. Go back, reload the page and try again."
)


def token() -> str:
    """Bound to the session; for people not signed in, to a random seed in their signed notice cookie."""
    held = session_token() if may_be_current_actor() else None
    if held is None:
        seed = session.setdefault("seed", secrets.token_urlsafe(16))
        held = hashlib.sha256(seed.encode()).digest()
    return _of(held)


def is_of_session() -> bool:
    """Whether the form came from a page that was shown while this browser's session lived."""
    held = session_token()
    return held is not None and hmac.compare_digest(_sent(), _of(held).encode())


def _sent() -> bytes:
    return request.form.get(FIELD, "").encode()  # bytes: of text, only ASCII can be compared


def _of(held: bytes) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"csrf:" + held, hashlib.sha256).hexdigest()


def field() -> Markup:
    """The hidden field that every form of ours carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def form_fields(form: Any) -> Markup:
    """What every form that creates something carries: the token, and the key that makes sending twice harmless."""
    return field() + Markup('<input type="hidden" name="idempotency_key" value="{}">').format(form.key)


def check() -> None:
    """Raises Forbidden for an unsafe request that is not certainly from our own page."""
    if request.method in SAFE:
        return
    if not _same_origin() or not (is_of_session() or hmac.compare_digest(_sent(), token().encode())):
        raise Forbidden(SENTENCE)


def _same_origin() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    own = f"{current_app.config['SCHEME']}://{request.host}"
    return request.headers.get("Origin") == own


def install(app: Flask) -> None:
    app.jinja_env.globals |= {"csrf_field": field, "form_fields": form_fields}
