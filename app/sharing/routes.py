"""Staff pages: what was asked and who answered, who has what, and how to stop."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Role
from app.sharing import policy, queries, service
from app.sharing.next_steps import steps_for
from app.sharing.read import PURPOSES, STATES
from app.sharing.schemas import RecordedSchema, StoppingSchema, TakenSchema
from app.sharing.wording import tells_about_ehc
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

sharing = Blueprint("sharing", __name__, template_folder="templates")

KEEPS_RECORDS = (Role.SENDCO, Role.HEADTEACHER, Role.DSL)


@sharing.get("/consents/<uuid:ask_id>")
@requires(*KEEPS_RECORDS)
def show_ask(ask_id: UUID) -> ResponseReturnValue:
    ask = queries.get_ask(ask_id)
    note_read("consent", pupil_id=ask.pupil_id)
    return render_template(
        "sharing/ask.html", ask=ask, pupil=ask.pupil, purpose=PURPOSES[ask.purpose], states=STATES,
        steps=steps_for(ask), can_record=policy.can_record(current_actor()),
    )  # fmt: skip


@sharing.get("/consents/<uuid:ask_id>/answers/new")
@requires(Role.SENDCO)
def new_answer(ask_id: UUID) -> ResponseReturnValue:
    return _answer_page(ask_id, Form(RecordedSchema()))


@sharing.post("/consents/<uuid:ask_id>/answers")
@requires(Role.SENDCO)
def create_answer(ask_id: UUID) -> ResponseReturnValue:
    ask = queries.load_ask(ask_id)
    form = Form(RecordedSchema(), request.form)
    if form.submit(partial(service.record_answer, current_actor(), ask)):
        flash("The answer is on record.")
        return redirect(url_for("sharing.show_ask", ask_id=ask_id), code=303)
    return _answer_page(ask_id, form), 422


@sharing.get("/consents/<uuid:ask_id>/answers/<uuid:consent_id>/withdrawal")
@requires(*KEEPS_RECORDS)
def new_withdrawal(ask_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    return _withdrawal_page(ask_id, consent_id, Form(TakenSchema()))


@sharing.post("/consents/<uuid:ask_id>/answers/<uuid:consent_id>/withdrawal")
@requires(*KEEPS_RECORDS)
def create_withdrawal(ask_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    consent = queries.load_consent(consent_id, ask_id=ask_id)
    form = Form(TakenSchema(), request.form)
    if form.submit(lambda taken: service.withdraw(current_actor(), consent, method=taken.method)):
        flash("The consent is withdrawn. Nothing more is shared because of it.")
        return redirect(url_for("sharing.show_ask", ask_id=ask_id), code=303)
    return _withdrawal_page(ask_id, consent_id, form), 422


@sharing.get("/pupils/<uuid:pupil_id>/sharing")
@requires(*KEEPS_RECORDS)
def list_shares(pupil_id: UUID) -> ResponseReturnValue:
    overview = queries.get_overview(pupil_id)
    note_read("sharing", pupil_id=pupil_id)
    return render_template(
        "sharing/shares.html", overview=overview, pupil=overview.pupil, purposes=PURPOSES, states=STATES
    )


@sharing.get("/shares/<uuid:share_id>/revocation")
@requires(*KEEPS_RECORDS)
def new_revocation(share_id: UUID) -> ResponseReturnValue:
    return _revocation_page(share_id, Form(StoppingSchema()))


@sharing.post("/shares/<uuid:share_id>/revocation")
@requires(*KEEPS_RECORDS)
def create_revocation(share_id: UUID) -> ResponseReturnValue:
    share = queries.load_share(share_id)
    form = Form(StoppingSchema(), request.form)
    if form.submit(lambda stopping: service.revoke(current_actor(), share, stopping.because)):
        flash("Sharing has stopped. They cannot open it from now on.")
        return redirect(url_for("sharing.list_shares", pupil_id=share.pupil_id), code=303)
    return _revocation_page(share_id, form), 422


def _answer_page(ask_id: UUID, form: Form) -> str:
    ask = queries.get_ask(ask_id)
    note_read("consent", pupil_id=ask.pupil_id)
    adults = [{"value": str(key), "text": name} for key, name in ask.adults]
    return render_template(
        "sharing/answer.html",
        ask=ask,
        pupil=ask.pupil,
        form=form,
        adults=adults,
        ehc=tells_about_ehc(ask.purpose),
    )


def _withdrawal_page(ask_id: UUID, consent_id: UUID, form: Form) -> str:
    ask = queries.get_ask(ask_id)
    note_read("consent", pupil_id=ask.pupil_id)
    return render_template(
        "sharing/withdrawal.html", ask=ask, pupil=ask.pupil, answer=ask.answer(consent_id), form=form
    )


def _revocation_page(share_id: UUID, form: Form) -> str:
    share = queries.get_share(share_id)
    note_read("sharing", pupil_id=share.pupil_id)
    return render_template("sharing/revocation.html", share=share, pupil=share.pupil, form=form)
