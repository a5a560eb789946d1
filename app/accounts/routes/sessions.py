"""Where I am signed in, for staff and for families."""

from uuid import UUID

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.service import sessions
from app.accounts.service.sessions import Held
from app.kernel.errors import NotFound
from app.web import cookies
from app.web.access import requires


@requires()
def list_sessions() -> ResponseReturnValue:
    return render_template("accounts/sessions.html", sessions=sessions.list_mine(held()))


@requires()
def remove_other_session(session_id: UUID) -> ResponseReturnValue:
    if not sessions.end_others(held(), session_id):
        raise NotFound
    flash("That device is signed out.")
    return redirect(url_for("accounts.list_sessions"), code=303)


@requires()
def remove_other_sessions() -> ResponseReturnValue:
    sessions.end_others(held())
    flash("All other devices are signed out.")
    return redirect(url_for("accounts.list_sessions"), code=303)


def held() -> Held:
    """The session of this request. Only for views that require one."""
    token = cookies.session_token()
    assert token is not None
    return Held(token, current_app.config["AUDIENCE"].value, g.slug)
