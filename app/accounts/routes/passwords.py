"""A forgotten password, and an invitation to choose the first."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.routes import edge
from app.accounts.schemas import MailboxSchema, NewPasswordSchema
from app.accounts.service import acceptance, resets
from app.web import cookies
from app.web.access import open_to_all
from app.web.forms import Form


@open_to_all
def new_reset() -> ResponseReturnValue:
    return render_template("accounts/resets/new.html", form=Form(MailboxSchema()))


@open_to_all
def create_reset() -> ResponseReturnValue:
    form = Form(MailboxSchema(), request.form)
    if form.submit(partial(resets.ask, edge.visit())):
        edge.nudge()
        return redirect(url_for("accounts.show_reset_sent"), code=303)
    return render_template("accounts/resets/new.html", form=form), 422


@open_to_all
def show_reset_sent() -> ResponseReturnValue:
    return render_template("accounts/resets/sent.html")


@open_to_all
def edit_password(token: str) -> ResponseReturnValue:
    asked = resets.find(edge.visit(), cookies.hash_token(token))
    form = Form(NewPasswordSchema())
    return render_template("accounts/resets/edit.html", asked=asked, token=token, form=form)


@open_to_all
def update_password(token: str) -> ResponseReturnValue:
    asked = resets.find(edge.visit(), cookies.hash_token(token))
    form = Form(NewPasswordSchema(), request.form)
    if form.submit(partial(resets.use, edge.visit(), cookies.hash_token(token), asked)):
        edge.nudge()
        flash("Your password is changed. You are signed out everywhere else. Sign in with the new password.")
        return redirect(url_for("accounts.new_session"), code=303)
    return render_template("accounts/resets/edit.html", asked=asked, token=token, form=form), 422


@open_to_all
def show_invitation(token: str) -> ResponseReturnValue:
    invitation = acceptance.find(edge.visit(), cookies.hash_token(token))
    form = Form(NewPasswordSchema())
    return render_template("accounts/invitations/show.html", invitation=invitation, token=token, form=form)


@open_to_all
def create_acceptance(token: str) -> ResponseReturnValue:
    visit, stored, half = edge.visit(), cookies.hash_token(token), cookies.new_token()
    invitation = acceptance.find(visit, stored)
    form = Form(NewPasswordSchema(), request.form)
    if form.submit(partial(acceptance.accept, visit, stored, cookies.hash_token(half), invitation)):
        edge.keep_half(half)
        return redirect(url_for("accounts.new_code"), code=303)
    return render_template(
        "accounts/invitations/show.html", invitation=invitation, token=token, form=form
    ), 422
