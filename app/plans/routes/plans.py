"""Reading plans, and opening a new one."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Actor
from app.plans import policy, queries, service
from app.plans.copying import MODELS
from app.plans.schemas import OpeningSchema
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
        **_may(current_actor()),
    )


@plans.get("/plans/<uuid:plan_id>")
@requires(*policy.READERS)
def show_plan(plan_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    plan = queries.get_staff_plan(plan_id, prices=policy.can_see_cost(actor))
    note_read("plan", pupil_id=plan.pupil_id)
    view = voice.latest_pupil_view(plan.pupil_id)
    return render_template("plans/plan.html", plan=plan, view=view, **_may(actor))


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


def _opening_page(pupil_id: UUID, form: Form) -> str:
    return render_template(
        "plans/new.html", pupil=pupils.get_pupil(pupil_id), plans=queries.list_plans(pupil_id), form=form
    )


def _may(actor: Actor) -> dict[str, bool]:
    return {
        "can_draft": policy.can_draft(actor),
        "can_share": policy.can_share(actor),
        "can_see_cost": policy.can_see_cost(actor),
    }
