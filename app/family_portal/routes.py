"""Pages for a family: their children, and everything about one child under its own address."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.documents import queries as documents
from app.documents import transfer
from app.family_portal import queries
from app.family_portal.next_steps import steps_for
from app.family_portal.read import AskPage, Overview
from app.family_portal.schemas import AgreementSchema, AnswerSchema, TakingBackSchema, ViewSchema
from app.kernel.access import Role
from app.kernel.errors import Conflict, NotFound
from app.plans import queries as plans
from app.plans import service as planning
from app.plans.models import Status
from app.sharing import queries as sharing
from app.sharing import service as consents
from app.voice import queries as views
from app.voice import service as voice
from app.web.access import current_actor, requires
from app.web.forms import Form

family = Blueprint("family", __name__, template_folder="templates")

CHILD = "/children/<uuid:child_id>"


@family.get("/")
@requires(Role.GUARDIAN)
def home() -> ResponseReturnValue:
    return render_template(
        "family_portal/home.html",
        children=queries.list_children(current_actor().person_id),
        unread=current_user.row.unread,
    )


@family.get(CHILD)
@requires(Role.GUARDIAN)
def show_child(child_id: UUID) -> ResponseReturnValue:
    overview = queries.get_overview(child_id)
    return render_template(
        "family_portal/child.html", overview=overview, child=overview.child, steps=steps_for(overview)
    )


@family.get(f"{CHILD}/plan")
@requires(Role.GUARDIAN)
def show_plan(child_id: UUID) -> ResponseReturnValue:
    return _plan_page(queries.get_overview(child_id), Form(AgreementSchema()))


@family.get(f"{CHILD}/plans/<uuid:plan_id>")
@requires(Role.GUARDIAN)
def show_earlier_plan(child_id: UUID, plan_id: UUID) -> ResponseReturnValue:
    return _plan_page(queries.get_overview(child_id), Form(AgreementSchema()), plan_id)


@family.post(f"{CHILD}/plans/<uuid:plan_id>/agreement")
@requires(Role.GUARDIAN)
def create_agreement(child_id: UUID, plan_id: UUID) -> ResponseReturnValue:
    overview, plan = queries.get_overview(child_id), plans.find_plan(plan_id)
    form = Form(AgreementSchema(), request.form)
    if plan is None or plan.pupil_id != overview.child.pupil_id:
        # A plan that was taken back cannot be told from one that never was: whichever it is, no word is lost.
        return render_template("family_portal/not_sent.html", child=overview.child, form=form), 404
    if plan.status is Status.SHARED and form.values.get("plan_version") != str(plan.version):
        form.stale = True  # the new plan is shown, with what was typed below it
        return _plan_page(overview, form, plan_id), 409
    if form.submit(partial(planning.agree, current_actor(), plan)):
        flash("Thank you. The school has your answer.")
        return redirect(url_for("family.show_plan", child_id=child_id), code=303)
    return _plan_page(queries.get_overview(child_id), form, plan_id), 422


@family.get(f"{CHILD}/views")
@requires(Role.GUARDIAN)
def list_views(child_id: UUID) -> ResponseReturnValue:
    return _views_page(child_id, Form(ViewSchema()))


@family.post(f"{CHILD}/views")
@requires(Role.GUARDIAN)
def create_view(child_id: UUID) -> ResponseReturnValue:
    child = queries.get_child(child_id)
    form = Form(ViewSchema(), request.form)
    if form.submit(partial(voice.record_family_view, current_actor(), child.pupil_id)):
        flash("Thank you. The school can read what you wrote.")
        return redirect(url_for("family.list_views", child_id=child_id), code=303)
    return _views_page(child_id, form), 422


@family.get(f"{CHILD}/consents")
@requires(Role.GUARDIAN)
def list_asks(child_id: UUID) -> ResponseReturnValue:
    overview = queries.get_overview(child_id)
    return render_template("family_portal/consents.html", overview=overview, child=overview.child)


@family.get(f"{CHILD}/consents/<uuid:ask_id>")
@requires(Role.GUARDIAN)
def show_ask(child_id: UUID, ask_id: UUID) -> ResponseReturnValue:
    return _ask_page(queries.get_ask(child_id, ask_id), Form(AnswerSchema()))


@family.post(f"{CHILD}/consents/<uuid:ask_id>/answer")
@requires(Role.GUARDIAN)
def create_answer(child_id: UUID, ask_id: UUID) -> ResponseReturnValue:
    page = queries.get_ask(child_id, ask_id)
    form = Form(AnswerSchema(), request.form)
    if form.submit(partial(consents.answer, current_actor(), sharing.load_ask(ask_id))):
        flash("Thank you. The school has your answer.")
        return redirect(url_for("family.show_ask", child_id=child_id, ask_id=ask_id), code=303)
    return _ask_page(page, form), 422


@family.get(f"{CHILD}/consents/<uuid:ask_id>/withdrawal")
@requires(Role.GUARDIAN)
def new_withdrawal(child_id: UUID, ask_id: UUID) -> ResponseReturnValue:
    page = queries.get_ask(child_id, ask_id)
    return render_template(
        "family_portal/withdrawal.html", ask=page, child=page.child, form=Form(TakingBackSchema())
    )


@family.post(f"{CHILD}/consents/<uuid:ask_id>/withdrawal")
@requires(Role.GUARDIAN)
def create_withdrawal(child_id: UUID, ask_id: UUID) -> ResponseReturnValue:
    page = queries.get_ask(child_id, ask_id)
    if page.answer is None:
        raise Conflict("You have not answered this question, so there is nothing to take back.")
    consents.withdraw(current_actor(), sharing.load_consent(page.answer.id))
    flash("You have taken back your yes. Nothing more is shared.")
    return redirect(url_for("family.show_ask", child_id=child_id, ask_id=ask_id), code=303)


@family.get(f"{CHILD}/documents")
@requires(Role.GUARDIAN)
def list_documents(child_id: UUID) -> ResponseReturnValue:
    child = queries.get_child(child_id)
    return render_template(
        "family_portal/documents.html", child=child, documents=documents.list_shown(child.pupil_id)
    )


@family.get(f"{CHILD}/documents/<uuid:document_id>/content")
@requires(Role.GUARDIAN)
def download(child_id: UUID, document_id: UUID) -> ResponseReturnValue:
    child, copy = queries.get_child(child_id), documents.get_copy(document_id)
    if copy.pupil_id != child.pupil_id:
        raise NotFound
    return redirect(transfer.download_url(copy), code=303)


@family.get(f"{CHILD}/readers")
@requires(Role.GUARDIAN)
def list_reads(child_id: UUID) -> ResponseReturnValue:
    child = queries.get_child(child_id)
    return render_template("family_portal/readers.html", child=child, reads=queries.list_reads(child))


def _plan_page(overview: Overview, form: Form, plan_id: UUID | None = None) -> str:
    """The plan that waits for an answer, else the one that is agreed; with `plan_id` that very one."""
    chosen = overview.find_plan(plan_id) if plan_id else overview.new_plan or overview.plan
    if plan_id and chosen is None:
        raise NotFound
    return render_template(
        "family_portal/plan.html",
        overview=overview,
        child=overview.child,
        form=form,
        chosen=chosen,
        plan=plans.get_plan(chosen.id) if chosen else None,
    )


def _ask_page(ask: AskPage, form: Form) -> str:
    return render_template("family_portal/ask.html", ask=ask, child=ask.child, form=form)


def _views_page(child_id: UUID, form: Form) -> str:
    child = queries.get_child(child_id)
    return render_template(
        "family_portal/views.html", child=child, form=form, views=views.list_views(child.pupil_id)
    )
