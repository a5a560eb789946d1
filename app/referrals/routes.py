"""Referrals to agencies: the list, one referral, and each step until and after it was sent."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.casework import evidence
from app.casework.identifying import hints
from app.documents import queries as documents
from app.kernel.access import Actor, Role
from app.kernel.paging import page_number
from app.pupils import queries as pupils
from app.referrals import policy, queries, service
from app.referrals.models import Referral
from app.referrals.read import WORDS, ReferralRead
from app.referrals.schemas import ChosenSchema, SeenSchema, ShowReportSchema, StartSchema, WordsSchema
from app.sharing import queries as sharing
from app.sharing.reading import lines_of
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read
from tenants import registry

referrals = Blueprint("referrals", __name__, template_folder="templates")

Step = Callable[[Actor, Referral, service.Seen], None]


@referrals.get("/referrals")
@requires(*policy.READERS)
def list_referrals() -> ResponseReturnValue:
    page = queries.list_referrals(page_number(request.args.get("page")))
    return render_template("referrals/list.html", page=page)


@referrals.get("/pupils/<uuid:pupil_id>/referrals/new")
@requires(Role.SENDCO)
def new_referral(pupil_id: UUID) -> ResponseReturnValue:
    note_read("referral", pupil_id=pupil_id)
    return _new(pupil_id, Form(StartSchema()))


@referrals.post("/pupils/<uuid:pupil_id>/referrals")
@requires(Role.SENDCO)
def create_referral(pupil_id: UUID) -> ResponseReturnValue:
    pupil = pupils.load_pupil(pupil_id)
    form, made = Form(StartSchema(), request.form), []
    if form.submit(lambda start: made.append(service.start_referral(current_actor(), pupil, start))):
        flash("We copied what the plan and its reviews already say. Read it and change what you like.")
        return redirect(url_for("referrals.edit_words", referral_id=made[0].id), code=303)
    return _new(pupil_id, form), 422


@referrals.get("/referrals/<uuid:referral_id>")
@requires(*policy.READERS)
def show_referral(referral_id: UUID) -> ResponseReturnValue:
    found = queries.get_referral(referral_id)
    note_read("referral", pupil_id=found.pupil_id)
    ask = sharing.get_ask(found.ask_id) if found.ask_id else None
    form = Form(SeenSchema(), initial={"version": found.version})
    return render_template("referrals/referral.html", referral=found, ask=ask, form=form, hints=_hints(found))


@referrals.get("/referrals/<uuid:referral_id>/words")
@requires(Role.SENDCO)
def edit_words(referral_id: UUID) -> ResponseReturnValue:
    found = queries.get_referral(referral_id)
    return _words(
        found, Form(WordsSchema(), initial={name: getattr(found, name) for name in (*WORDS, "version")})
    )


@referrals.post("/referrals/<uuid:referral_id>/words")
@requires(Role.SENDCO)
def update_words(referral_id: UUID) -> ResponseReturnValue:
    referral = queries.load_referral(referral_id)
    form = Form(WordsSchema(), request.form)
    if form.submit(partial(service.write_words, current_actor(), referral)):
        flash("Saved.")
        return _back(referral_id)
    return _words(queries.get_referral(referral_id), form), 409 if form.stale else 422


@referrals.get("/referrals/<uuid:referral_id>/evidence")
@requires(Role.SENDCO)
def edit_evidence(referral_id: UUID) -> ResponseReturnValue:
    referral = queries.load_referral(referral_id)
    return _evidence(referral, Form(ChosenSchema()))


@referrals.post("/referrals/<uuid:referral_id>/evidence")
@requires(Role.SENDCO)
def update_evidence(referral_id: UUID) -> ResponseReturnValue:
    referral = queries.load_referral(referral_id)
    form = Form(ChosenSchema(), request.form)
    if form.submit(partial(service.choose_evidence, current_actor(), referral)):
        flash("Saved.")
        return _back(referral_id)
    return _evidence(queries.load_referral(referral_id), form), 409 if form.stale else 422


@referrals.get("/referrals/<uuid:referral_id>/consent-ask/new")
@requires(Role.SENDCO)
def new_ask(referral_id: UUID) -> ResponseReturnValue:
    return _step(queries.get_referral(referral_id), "ask")


@referrals.post("/referrals/<uuid:referral_id>/consent-ask")
@requires(Role.SENDCO)
def create_ask(referral_id: UUID) -> ResponseReturnValue:
    said = (
        "Every adult with parental responsibility has been told. You can write down an answer that you hear."
    )
    return _take_step(referral_id, "ask", service.ask_family, said)


@referrals.get("/referrals/<uuid:referral_id>/sending/new")
@requires(Role.SENDCO)
def new_sending(referral_id: UUID) -> ResponseReturnValue:
    return _step(queries.get_referral(referral_id), "sending")


@referrals.post("/referrals/<uuid:referral_id>/sending")
@requires(Role.SENDCO)
def create_sending(referral_id: UUID) -> ResponseReturnValue:
    return _take_step(referral_id, "sending", service.send_referral, "The link is on its way to the service.")


@referrals.post("/referrals/<uuid:referral_id>/link-closing")
@requires(Role.SENDCO)
def close_link(referral_id: UUID) -> ResponseReturnValue:
    service.close_link(current_actor(), queries.load_referral(referral_id))
    flash("The link is closed. Nobody can open the referral with it now.")
    return _back(referral_id)


@referrals.get("/referrals/<uuid:referral_id>/withdrawal/new")
@requires(Role.SENDCO)
def new_withdrawal(referral_id: UUID) -> ResponseReturnValue:
    return _step(queries.get_referral(referral_id), "withdrawal")


@referrals.post("/referrals/<uuid:referral_id>/withdrawal")
@requires(Role.SENDCO)
def create_withdrawal(referral_id: UUID) -> ResponseReturnValue:
    return _take_step(
        referral_id, "withdrawal", service.withdraw_referral, "The referral has been withdrawn."
    )


@referrals.post("/referrals/<uuid:referral_id>/reports/<uuid:document_id>/family")
@requires(Role.SENDCO)
def show_report(referral_id: UUID, document_id: UUID) -> ResponseReturnValue:
    referral, document = queries.load_referral(referral_id), documents.load_document(document_id)
    service.check_report(referral, document)
    form = Form(ShowReportSchema(), request.form)
    if form.submit(partial(service.show_report, current_actor(), referral, document)):
        flash("Saved.")
    return _back(referral_id)


def _back(referral_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("referrals.show_referral", referral_id=referral_id), code=303)


def _new(pupil_id: UUID, form: Form) -> str:
    agencies = [{"value": str(agency.id), "text": agency.name} for agency in registry.list_agencies()]
    return render_template(
        "referrals/new.html", pupil=pupils.get_pupil(pupil_id), form=form, agencies=agencies
    )


def _words(found: ReferralRead, form: Form) -> str:
    note_read("referral", pupil_id=found.pupil_id)
    theirs = found.answers if form.stale else None
    form.values["version"] = found.version if form.stale else form.values.get("version", found.version)
    return render_template("referrals/words.html", referral=found, form=form, theirs=theirs)


def _evidence(referral: Referral, form: Form) -> str:
    note_read("referral", pupil_id=referral.pupil_id)
    choices = evidence.list_choices(referral.pupil_id, referral.id)
    form.values.setdefault("documents", [str(choice.id) for choice in choices if choice.chosen])
    form.values["version"] = referral.version
    return render_template("referrals/evidence.html", referral=referral, form=form, choices=choices)


def _step(found: ReferralRead, name: str, form: Form | None = None) -> str:
    """What will happen, for whom, before the button."""
    note_read("referral", pupil_id=found.pupil_id)
    form = form or Form(SeenSchema())
    form.values["version"] = found.version
    lines = lines_of(service.freeze(found, pupils.load_pupil(found.pupil_id)))
    return render_template(
        f"referrals/{name}.html", referral=found, form=form, lines=lines, hints=_hints(found)
    )


def _take_step(referral_id: UUID, name: str, act: Step, said: str) -> ResponseReturnValue:
    referral = queries.load_referral(referral_id)
    form = Form(SeenSchema(), request.form)
    if form.submit(partial(act, current_actor(), referral)):
        flash(said)
        return _back(referral_id)
    return _step(queries.get_referral(referral_id), name, form), 409 if form.stale else 422


def _hints(found: ReferralRead) -> list[str]:
    return hints(found.answers, found.surnames) if found.before_sending else []
