"""Where to go after signing in: a sealed path of this very host, never an address that somebody else chose."""

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

AN_HOUR = 3600


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="next:" + request.host)


def seal_next(path: str) -> str:
    return _serializer().dumps(path)


def open_next(sealed: str | None, fallback: str) -> str:
    """The sealed path, or the fallback when it is missing, old, foreign or not a local path."""
    if not sealed:
        return fallback
    try:
        path = str(_serializer().loads(sealed, max_age=AN_HOUR))
    except BadSignature:
        return fallback
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else fallback
