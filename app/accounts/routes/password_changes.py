"""Change my password, for staff who are signed in. Families and agencies have none."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.routes import edge, sessions
from app.accounts.schemas import PasswordChangeSchema
from app.accounts.service import password_changes
from app.accounts.service.password_changes import Keeper
from app.web.access import requires
from app.web.forms import Form


@requires()
def new_password_change() -> ResponseReturnValue:
    return _page(password_changes.get_keeper(sessions.held()), Form(PasswordChangeSchema()))


@requires()
def create_password_change() -> ResponseReturnValue:
    held = sessions.held()
    keeper, form = password_changes.get_keeper(held), Form(PasswordChangeSchema(), request.form)
    if form.submit(partial(password_changes.change, held, edge.visit(), keeper)):
        edge.nudge()
        flash("Your password is changed. You are signed out everywhere else.")
        return redirect(url_for("accounts.list_sessions"), code=303)
    return _page(keeper, form), 422


def _page(keeper: Keeper, form: Form) -> str:
    return render_template("accounts/password_change.html", email=keeper.email, form=form)
