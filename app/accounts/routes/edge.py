"""What sign-in pages need of a request: who knocks, what the browser holds, and a new session when it is earned."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts.attempts import TooManyTries, Visit, network_of
from app.accounts.devices import device_of
from app.accounts.service import sessions
from app.accounts.service.sign_in import Tokens
from app.web import cookies, errors
from app.web.access import may_be_current_actor
from app.web.next_page import open_next

HOME = "/"
HALF = "half"
NEXT = "next"


def visit() -> Visit:
    agent = request.headers.get("User-Agent", "")
    return Visit(g.slug, network_of(request.remote_addr), device_of(agent))


def nudge() -> None:
    """Whether or not there is a mail to send: a stranger's answer takes as long."""
    wake: Callable[[], None] | None = current_app.config.get("NUDGE")
    if wake is not None:
        wake()


def keep_half(half: str) -> None:
    session[HALF] = half


def half() -> bytes:
    return cookies.hash_token(str(session.get(HALF, "")))


def tokens(token: str) -> Tokens:
    return Tokens(half(), cookies.hash_token(token))


def is_signed_in() -> bool:
    return may_be_current_actor() is not None


def begin_session(response: Response, token: str) -> Response:
    """A new token at each sign-in; the old session, if there was one, ends. Nothing of before is carried over."""
    held = cookies.session_token()
    if held is not None:
        sessions.sign_out(held)
    session.clear()
    cookies.remember(response, token)
    return response


def to_next_page(token: str) -> Response:
    there = redirect(open_next(session.get(NEXT), HOME), code=303)
    return begin_session(there, token)  # type: ignore[arg-type]


def start_again() -> ResponseReturnValue:
    """The half session is gone: used, too old, or of another address."""
    session.pop(HALF, None)
    return redirect(url_for("accounts.new_session", again=1), code=303)


def refuse_many_tries(blueprint: Blueprint) -> None:
    blueprint.register_error_handler(TooManyTries, lambda _: errors.page(429, TooManyTries.sentence))
