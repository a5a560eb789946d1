"""Families sign in: an e-mail address, then the code that was mailed to it."""

from functools import partial
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import codes
from app.accounts.routes import edge, sessions, sign_in
from app.accounts.schemas import CodeSchema, MailboxSchema
from app.accounts.service import family
from app.accounts.service.family import CodeRefused, Mailbox
from app.web import cookies
from app.web.access import open_to_all
from app.web.forms import Form

accounts = Blueprint("accounts", __name__, template_folder="../templates")
edge.refuse_many_tries(accounts)

CODE = "code"
SENT_TO = "sent to"
NO_MORE = "no more mails"


@accounts.get("/sign-in")
@open_to_all
def new_session() -> ResponseReturnValue:
    if edge.is_signed_in():
        return redirect(edge.HOME, code=303)
    session[edge.NEXT] = request.args.get("next", "")[:2000]
    return render_template("accounts/family/new.html", form=Form(MailboxSchema()))


@accounts.post("/sign-in")
@open_to_all
def create_code() -> ResponseReturnValue:
    form = Form(MailboxSchema(), request.form)
    if form.submit(_ask):
        edge.nudge()
        return redirect(url_for("accounts.new_code"), code=303)
    return render_template("accounts/family/new.html", form=form), 422


@accounts.get("/sign-in/code")
@open_to_all
def new_code() -> ResponseReturnValue:
    if CODE not in session:
        return redirect(url_for("accounts.new_session"), code=303)
    return _page(Form(CodeSchema()))


@accounts.post("/sign-in/code")
@open_to_all
def create_session() -> ResponseReturnValue:
    if CODE not in session:
        return redirect(url_for("accounts.new_session"), code=303)
    form, token = Form(CodeSchema(), request.form), cookies.new_token()
    try:
        right = form.submit(
            partial(family.sign_in, edge.visit(), UUID(session[CODE]), cookies.hash_token(token))
        )
    except CodeRefused as refused:
        form.problems["code"] = codes.SENTENCES[refused.outcome]
        return _page(form), codes.STATUS[refused.outcome]
    return edge.to_next_page(token) if right else (_page(form), 422)


accounts.post("/sign-out")(sign_in.remove_session)
accounts.get("/sessions")(sessions.list_sessions)
accounts.post("/sessions/removal")(sessions.remove_other_sessions)
accounts.post("/sessions/<uuid:session_id>/removal")(sessions.remove_other_session)


def _ask(given: Mailbox) -> None:
    asked = family.ask_code(edge.visit(), given)
    session[CODE], session[SENT_TO], session[NO_MORE] = str(asked.code_id), given.email, not asked.is_mailed


def _page(form: Form) -> str:
    return render_template(
        "accounts/family/code.html", form=form, sent_to=session[SENT_TO], no_more=session[NO_MORE]
    )
