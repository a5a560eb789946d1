"""Reading plans, opening a new one, and ending one."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Role
from app.kernel.clock import today
from app.plans import ending, policy, queries, service
from app.plans.copying import MODELS
from app.plans.pages import plan_page
from app.plans.schemas import EndingSchema, OpeningSchema
from app.pupils import queries as pupils
from app.voice import queries as voice
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

plans = Blueprint("plans", __name__, template_folder="../templates")


@plans.get("/pupils/<uuid:pupil_id>/plans")
@requires(*policy.READERS)
def list_plans(pupil_id: UUID) -> ResponseReturnValue:
    note_read("plan", pupil_id=pupil_id)
    return render_template(
        "plans/list.html",
        pupil=pupils.get_pupil(pupil_id),
        plans=queries.list_plans(pupil_id),
        can_draft=policy.can_draft(current_actor()),
        can_end=policy.can_end(current_actor()),
    )


@plans.get("/plans/<uuid:plan_id>")
@requires(*policy.READERS)
def show_plan(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.get_staff_plan(plan_id, prices=policy.can_see_cost(current_actor()))
    return plan_page("plans/plan.html", plan, view=voice.latest_pupil_view(plan.pupil_id))


@plans.get("/pupils/<uuid:pupil_id>/plans/new")
@requires(*policy.DRAFTERS)
def new_plan(pupil_id: UUID) -> ResponseReturnValue:
    note_read("plan", pupil_id=pupil_id)
    form = Form(OpeningSchema(), initial={"copy": list(MODELS)})
    return _opening_page(pupil_id, form)


@plans.post("/pupils/<uuid:pupil_id>/plans")
@requires(*policy.DRAFTERS)
def create_plan(pupil_id: UUID) -> ResponseReturnValue:
    pupils.load_pupil(pupil_id)
    form = Form(OpeningSchema(), request.form)
    # A form whose boxes are all empty sends none of them: nothing is copied then.
    form.values.setdefault("copy", [])
    if form.submit(partial(service.open_plan, current_actor(), pupil_id)):
        flash("The draft is ready. The family does not see it until you share it.")
        return redirect(url_for("drafts.show_draft", plan_id=queries.open_plan_id(pupil_id)), code=303)
    return _opening_page(pupil_id, form), 422


@plans.get("/plans/<uuid:plan_id>/end/new")
@requires(Role.SENDCO)
def new_end(plan_id: UUID) -> ResponseReturnValue:
    return _ending_page(plan_id, Form(EndingSchema(), initial={"ended_on": today()}))


@plans.post("/plans/<uuid:plan_id>/end")
@requires(Role.SENDCO)
def create_end(plan_id: UUID) -> ResponseReturnValue:
    plan, form = queries.load_plan(plan_id), Form(EndingSchema(), request.form)
    if form.submit(partial(ending.end_plan, current_actor(), plan)):
        flash("The plan has ended. Everybody with online access is being told now.")
        return redirect(url_for("plans.list_plans", pupil_id=plan.pupil_id), code=303)
    return _ending_page(plan_id, form), 409 if form.stale else 422


def _opening_page(pupil_id: UUID, form: Form) -> str:
    return render_template(
        "plans/new.html", pupil=pupils.get_pupil(pupil_id), plans=queries.list_plans(pupil_id), form=form
    )


def _ending_page(plan_id: UUID, form: Form) -> str:
    plan = queries.get_staff_plan(plan_id, prices=False)
    others = [other for other in queries.list_plans(plan.pupil_id) if other.id != plan.id]
    if form.stale or "version" not in form.values:
        form.values["version"] = plan.version
    return plan_page(
        "plans/end.html",
        plan,
        form=form,
        draft=next((other for other in others if other.can_be_discarded), None),
        also=next((other for other in others if other.can_be_ended), None),
    )
