"""The session cookie: one per host, out of reach of scripts and of sibling hosts; the server keeps only a hash."""

import hashlib
import secrets

from flask import Response, g, request

SESSION = "__Host-session"


def session_token() -> bytes | None:
    """The hash of the token that the browser sent, or None."""
    sent = request.cookies.get(SESSION, "")
    return hash_token(sent) if 20 <= len(sent) <= 100 else None


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """256 bits; guessing is hopeless, so a plain hash protects it at rest."""
    return secrets.token_urlsafe(32)


def remember(response: Response, token: str) -> None:
    response.set_cookie(SESSION, token, secure=True, httponly=True, samesite="Lax", path="/")


def forget(response: Response) -> None:
    response.delete_cookie(SESSION, secure=True, httponly=True, samesite="Lax", path="/")


def request_id() -> str:
    return str(g.get("request_id", ""))
