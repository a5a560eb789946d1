"""Staff sign in: password, then a code of their app, a recovery code, or setting the app up."""

from functools import partial

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import second_factor
from app.accounts.routes import edge
from app.accounts.schemas import CodeSchema, CredentialsSchema
from app.accounts.service import sessions, sign_in
from app.accounts.service.sign_in import SecondStep
from app.web import cookies
from app.web.access import open_to_all
from app.web.forms import Form


@open_to_all
def new_session() -> ResponseReturnValue:
    if edge.is_signed_in():
        return redirect(edge.HOME, code=303)
    session[edge.NEXT] = request.args.get("next", "")[:2000]
    again = request.args.get("again") == "1"
    return render_template("accounts/sign_in/new.html", form=Form(CredentialsSchema()), again=again)


@open_to_all
def create_session() -> ResponseReturnValue:
    form = Form(CredentialsSchema(), request.form)
    half = cookies.new_token()
    if form.submit(partial(sign_in.begin, edge.visit(), cookies.hash_token(half))):
        edge.keep_half(half)
        return redirect(url_for("accounts.new_code"), code=303)
    return render_template("accounts/sign_in/new.html", form=form), 422


@open_to_all
def new_code() -> ResponseReturnValue:
    step = sign_in.find_second_step(edge.visit(), edge.half())
    if step is None:
        return edge.start_again()
    if step.is_new:
        return redirect(url_for("accounts.new_second_factor"), code=303)
    return _code_page(step, Form(CodeSchema()))


@open_to_all
def create_code() -> ResponseReturnValue:
    step = sign_in.find_second_step(edge.visit(), edge.half())
    if step is None or step.is_new:
        return edge.start_again()
    form, token = Form(CodeSchema(), request.form), cookies.new_token()
    if form.submit(partial(sign_in.finish, edge.visit(), edge.tokens(token), step)):
        return edge.to_next_page(token)
    return _code_page(step, form), 422


@open_to_all
def new_recovery() -> ResponseReturnValue:
    step = sign_in.find_second_step(edge.visit(), edge.half())
    if step is None or step.is_new:
        return edge.start_again()
    return render_template("accounts/sign_in/recovery.html", form=Form(CodeSchema()))


@open_to_all
def create_recovery() -> ResponseReturnValue:
    step = sign_in.find_second_step(edge.visit(), edge.half())
    if step is None or step.is_new:
        return edge.start_again()
    form, token = Form(CodeSchema(), request.form), cookies.new_token()
    left: list[int] = []
    visit, tokens = edge.visit(), edge.tokens(token)
    if form.submit(lambda given: left.append(sign_in.finish_with_recovery_code(visit, tokens, step, given))):
        response = edge.to_next_page(token)
        edge.nudge()
        flash(f"You signed in with a recovery code. You have {left[0]} left.")
        return response
    return render_template("accounts/sign_in/recovery.html", form=form), 422


@open_to_all
def new_second_factor() -> ResponseReturnValue:
    step = sign_in.find_second_step(edge.visit(), edge.half())
    if step is None or not step.is_new:
        return edge.start_again()
    return _set_up_page(step, Form(CodeSchema()))


@open_to_all
def create_second_factor() -> ResponseReturnValue:
    """Answers with the recovery codes themselves: they are kept nowhere, so there is no page to lead to."""
    step = sign_in.find_second_step(edge.visit(), edge.half())
    if step is None or not step.is_new:
        return edge.start_again()
    form, token = Form(CodeSchema(), request.form), cookies.new_token()
    codes = second_factor.new_recovery_codes()
    if form.submit(partial(sign_in.set_up, edge.visit(), edge.tokens(token), step, codes)):
        page = make_response(render_template("accounts/sign_in/recovery_codes.html", codes=codes))
        return edge.begin_session(page, token)
    return _set_up_page(step, form), 422


@open_to_all
def remove_session() -> ResponseReturnValue:
    """Open to all, so that signing out twice is no error."""
    held = cookies.session_token()
    if held is not None:
        sessions.sign_out(held)
    session.clear()
    response = make_response(redirect(url_for("accounts.new_session"), code=303))
    cookies.forget(response)
    return response


def _code_page(step: SecondStep, form: Form) -> str:
    # Only in the demo, where every name is invented (and where a test makes sure it stays).
    shown = second_factor.next_code(step.secret, step.last_step) if current_app.config["DEMO"] else None
    return render_template("accounts/sign_in/code.html", form=form, demo_code=shown)


def _set_up_page(step: SecondStep, form: Form) -> str:
    return render_template(
        "accounts/sign_in/set_up.html",
        form=form,
        picture=second_factor.picture(step.secret, account=step.email, organisation=step.organisation),
        key=second_factor.spaced(step.secret),
        demo_code=second_factor.next_code(step.secret, 0) if current_app.config["DEMO"] else None,
    )
