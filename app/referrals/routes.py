"""Referrals to agencies: the list, one referral, and each step until and after it was sent."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.casework import service as casework
from app.casework.pages import ASKED, Pages, hints_about
from app.casework.policy import READERS
from app.casework.turns import turns
from app.documents import queries as documents
from app.kernel.access import Role
from app.kernel.paging import page_number
from app.pupils import queries as pupils
from app.referrals import content, queries, service
from app.referrals.read import NEXT, WORDS, ReferralRead
from app.referrals.schemas import ShowReportSchema, StartSchema, WordsSchema
from app.referrals.tasks import tasks
from app.sharing import queries as sharing
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read
from tenants import registry

referrals = Blueprint("referrals", __name__, template_folder="templates")

PAGES = Pages("referral", queries.load_referral, queries.get_referral, content.freeze)


@referrals.get("/referrals")
@requires(*READERS)
def list_referrals() -> ResponseReturnValue:
    page = queries.list_referrals(page_number(request.args.get("page")))
    return render_template("referrals/list.html", page=page, noun=PAGES.noun)


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
@requires(*READERS)
def show_referral(referral_id: UUID) -> ResponseReturnValue:
    found = queries.get_referral(referral_id)
    note_read("referral", pupil_id=found.pupil_id)
    ask = sharing.get_ask(found.ask_id) if found.ask_id else None
    return render_template(
        "referrals/referral.html", case=found, tasks=tasks(current_actor(), found, ask), hints=hints_about(found),
        next_step=NEXT.get(found.status, ""), turns=turns(found, ask, PAGES.noun),
    )  # fmt: skip


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
    form = Form(WordsSchema(), request.form)
    if saved := PAGES.save(referral_id, form, service.write_words):
        return saved
    return _words(queries.get_referral(referral_id), form), 409 if form.stale else 422


@referrals.get("/referrals/<uuid:referral_id>/evidence")
@requires(Role.SENDCO)
def edit_evidence(referral_id: UUID) -> ResponseReturnValue:
    return PAGES.show_evidence(referral_id)


@referrals.post("/referrals/<uuid:referral_id>/evidence")
@requires(Role.SENDCO)
def update_evidence(referral_id: UUID) -> ResponseReturnValue:
    return PAGES.take_evidence(referral_id, service.choose_evidence)


@referrals.get("/referrals/<uuid:referral_id>/consent-ask/new")
@requires(Role.SENDCO)
def new_ask(referral_id: UUID) -> ResponseReturnValue:
    return PAGES.show_step(referral_id, "ask")


@referrals.post("/referrals/<uuid:referral_id>/consent-ask")
@requires(Role.SENDCO)
def create_ask(referral_id: UUID) -> ResponseReturnValue:
    return PAGES.take_step(referral_id, "ask", service.ask_family, ASKED)


@referrals.get("/referrals/<uuid:referral_id>/sending/new")
@requires(Role.SENDCO)
def new_sending(referral_id: UUID) -> ResponseReturnValue:
    return PAGES.show_step(referral_id, "sending")


@referrals.post("/referrals/<uuid:referral_id>/sending")
@requires(Role.SENDCO)
def create_sending(referral_id: UUID) -> ResponseReturnValue:
    said = "The link is on its way to the service."
    return PAGES.take_step(referral_id, "sending", service.send_referral, said)


@referrals.post("/referrals/<uuid:referral_id>/link-closing")
@requires(Role.SENDCO)
def close_link(referral_id: UUID) -> ResponseReturnValue:
    service.close_link(current_actor(), queries.load_referral(referral_id))
    flash("The link is closed. Nobody can open the referral with it now.")
    return PAGES.back(referral_id)


@referrals.get("/referrals/<uuid:referral_id>/withdrawal/new")
@requires(Role.SENDCO)
def new_withdrawal(referral_id: UUID) -> ResponseReturnValue:
    return PAGES.show_step(referral_id, "withdrawal")


@referrals.post("/referrals/<uuid:referral_id>/withdrawal")
@requires(Role.SENDCO)
def create_withdrawal(referral_id: UUID) -> ResponseReturnValue:
    said = "The referral has been withdrawn."
    return PAGES.take_step(referral_id, "withdrawal", casework.withdraw, said)


@referrals.post("/referrals/<uuid:referral_id>/reports/<uuid:document_id>/family")
@requires(Role.SENDCO)
def show_report(referral_id: UUID, document_id: UUID) -> ResponseReturnValue:
    referral, document = queries.load_referral(referral_id), documents.load_document(document_id)
    service.check_report(referral, document)
    form = Form(ShowReportSchema(), request.form)
    if form.submit(partial(service.show_report, current_actor(), referral, document)):
        flash("Saved.")
    return PAGES.back(referral_id)


def _new(pupil_id: UUID, form: Form) -> str:
    agencies = [{"value": str(agency.id), "text": agency.name} for agency in registry.list_agencies()]
    return render_template(
        "referrals/new.html", pupil=pupils.get_pupil(pupil_id), form=form, agencies=agencies
    )


def _words(found: ReferralRead, form: Form) -> str:
    note_read("referral", pupil_id=found.pupil_id)
    theirs = found.answers if form.stale else None
    form.values["version"] = found.version if form.stale else form.values.get("version", found.version)
    return render_template("referrals/words.html", case=found, form=form, theirs=theirs)
