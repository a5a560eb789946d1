"""Sharing a plan with the family, taking it back, and writing down what the family answered."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Role
from app.kernel.clock import today
from app.plans import queries, service
from app.plans.pages import plan_page
from app.plans.read import PlanView
from app.plans.schemas import AgreementSchema
from app.pupils import queries as pupils
from app.web.access import current_actor, requires
from app.web.forms import Form

agreements = Blueprint("agreements", __name__, url_prefix="/plans/<uuid:plan_id>")


@agreements.get("/share/new")
@requires(Role.SENDCO)
def new_share(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.get_staff_plan(plan_id, prices=False)
    if not plan.is_draft:
        return redirect(url_for("plans.show_plan", plan_id=plan_id), code=303)
    guardians = pupils.guardians_of(plan.pupil_id)
    return plan_page("plans/share.html", plan, guardians=guardians, missing=service.what_is_missing(plan))


@agreements.post("/share")
@requires(Role.SENDCO)
def create_share(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.load_plan(plan_id)
    service.share_plan(current_actor(), plan, queries.get_staff_plan(plan_id, prices=False))
    flash("The plan is shared. Everybody with online access is being told now.")
    return redirect(url_for("plans.show_plan", plan_id=plan_id), code=303)


@agreements.post("/share/removal")
@requires(Role.SENDCO)
def remove_share(plan_id: UUID) -> ResponseReturnValue:
    service.take_back(current_actor(), queries.load_plan(plan_id))
    flash("The plan is a draft again. The family does not see it until you share it again.")
    return redirect(url_for("drafts.show_draft", plan_id=plan_id), code=303)


@agreements.get("/agreements/new")
@requires(Role.SENDCO)
def new_agreement(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.get_staff_plan(plan_id, prices=False)
    if plan.status != "shared":
        return redirect(url_for("plans.show_plan", plan_id=plan_id), code=303)
    known = {"plan_version": plan.version, "happened_on": today()}
    return _page(plan, Form(AgreementSchema(), initial=known))


@agreements.post("/agreements")
@requires(Role.SENDCO)
def create_agreement(plan_id: UUID) -> ResponseReturnValue:
    form = Form(AgreementSchema(), request.form)
    if form.submit(partial(service.agree, current_actor(), queries.load_plan(plan_id))):
        flash("The answer has been written down.")
        return redirect(url_for("plans.show_plan", plan_id=plan_id), code=303)
    return _page(queries.get_staff_plan(plan_id, prices=False), form), 422


def _page(plan: PlanView, form: Form) -> str:
    return plan_page("plans/agreement.html", plan, form=form, guardians=pupils.guardians_of(plan.pupil_id))
