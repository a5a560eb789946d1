"""Every refusal is a page in plain words, with what to do next. A foreign thing and a missing one look alike."""

import structlog
from flask import Flask, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.kernel.access import Audience
from app.kernel.errors import Conflict, DomainError, Forbidden, Gone, Invalid, NotFound
from app.web import kept_forms, uploads
from app.web.access import SignInNeeded
from app.web.next_page import seal_next

log = structlog.get_logger(__name__)

STATUS: dict[type[DomainError], int] = {Forbidden: 403, NotFound: 404, Conflict: 409, Gone: 410, Invalid: 422}

PAGES = {
    400: ("We did not understand that request", "Go back and try again."),
    403: ("You cannot do this", "If you think you should be able to, ask your school admin."),
    404: ("Page not found", "Check the address, or start again from the home page."),
    405: ("Page not found", "Check the address, or start again from the home page."),
    409: (
        "This has changed since you opened it",
        "Nothing you wrote has been sent. Go back, reload and look again.",
    ),
    410: (
        "This link is closed",
        "It was answered, has run out or was withdrawn. Contact the school if you need a new one.",
    ),
    413: ("That is too large", "Go back in your browser to change it. Nothing has been saved or sent."),
    422: ("There is a problem", "Go back and check your answers."),
    429: ("Too many tries", "Wait a few minutes, then try again."),
    500: (
        "Sorry, there is a problem with the service",
        "Try again later. Nothing has been lost that was saved before.",
    ),
    503: ("Sorry, the service is not available", "Try again in a few minutes."),
}


def install(app: Flask) -> None:
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(StaleDataError, lambda _: page(409))
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(DataError, _data)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, sentence: str | None = None) -> ResponseReturnValue:
    title, what_to_do = PAGES.get(status, PAGES[500])
    if status == 429 and sentence:
        what_to_do = ""  # the sentence says how long to wait
    elif status == 409 and request.method in ("GET", "HEAD"):
        what_to_do = "It cannot be opened like this any more. Start again from the home page."
    elif status == 404 and current_app.config["AUDIENCE"] is Audience.AGENCY:
        what_to_do = "If you followed a link, copy all of it from the mail, or ask the school for a new one."
    response = make_response(
        render_template("web/error.html", title=title, sentence=sentence, what_to_do=what_to_do), status
    )
    if status in (429, 503):
        response.headers["Retry-After"] = "120"
    return response


def _sign_in(_: SignInNeeded) -> ResponseReturnValue:
    if "accounts.new_session" not in current_app.view_functions:
        return page(404)
    there = request.full_path.rstrip("?") if request.method == "GET" else "/"
    kept_id = kept_forms.keep_and_say()
    if kept_id:
        there = url_for("web.show_kept_form", kept_id=kept_id)
    return redirect(url_for("accounts.new_session", next=seal_next(there)), code=303)


def _domain(error: DomainError) -> ResponseReturnValue:
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    # One page for each miss: a sentence of its own would tell a foreign thing from a missing one.
    return page(status, None if status in (404, 410) else error.sentence)


def _integrity(error: IntegrityError) -> ResponseReturnValue:
    """PostgreSQL refused what a race or a stale tab tried: a second open draft, a second answer."""
    log.warning("refused by the database", problem=type(error.orig).__name__)
    return page(409)


def _data(error: DataError) -> ResponseReturnValue:
    """PostgreSQL cannot hold what no page of ours sends: a NUL in a text, a number beyond all bounds."""
    log.warning("not to be stored", problem=type(error.orig).__name__)
    return page(400)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error
    return page(error.code or 500, uploads.too_large() if error.code == 413 else None)


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Reported, which also logs it: once, with the request's id and nothing that anybody wrote."""
    current_app.config["REPORT"](error)
    unavailable = isinstance(error, DBAPIError) and error.connection_invalidated
    return page(503 if unavailable else 500)
