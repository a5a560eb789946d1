"""Targets of a draft: a list that grows one page at a time."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.errors import NotFound
from app.plans import drafting, policy, queries
from app.plans.pages import draft_to_edit, need_choices, saved_since
from app.plans.read import PlanView, TargetRead
from app.plans.schemas import TargetSchema
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

targets = Blueprint("targets", __name__, url_prefix="/plans/<uuid:plan_id>/targets")

LABELS = {
    "title": "The target",
    "need_code": "Need",
    "baseline": "Where the child is now",
    "success_criterion": "How you will know",
    "school_will": "School will",
    "home_will": "Home will",
    "pupil_will": "The child will",
    "who": "Who helps",
    "how_often": "How often",
    "review_by": "Look at it by",
}


@targets.get("")
@requires(*policy.DRAFTERS)
def list_targets(plan_id: UUID) -> ResponseReturnValue:
    plan = draft_to_edit(plan_id)
    note_read("plan", pupil_id=plan.pupil_id)
    return render_template("plans/targets.html", plan=plan)


@targets.get("/new")
@requires(*policy.DRAFTERS)
def new_target(plan_id: UUID) -> ResponseReturnValue:
    plan = draft_to_edit(plan_id)
    main_need = plan.needs[0].code if plan.needs else None
    return _page(plan, Form(TargetSchema(), initial={"need_code": main_need}), None)


@targets.post("")
@requires(*policy.DRAFTERS)
def create_target(plan_id: UUID) -> ResponseReturnValue:
    form = Form(TargetSchema(), request.form)
    if form.submit(partial(drafting.add_target, current_actor(), queries.load_plan(plan_id))):
        flash("The target has been added.")
        return redirect(url_for("targets.list_targets", plan_id=plan_id), code=303)
    return _page(draft_to_edit(plan_id), form, None), 422


@targets.get("/<uuid:target_id>/edit")
@requires(*policy.DRAFTERS)
def edit_target(plan_id: UUID, target_id: UUID) -> ResponseReturnValue:
    plan = draft_to_edit(plan_id)
    target = _find(plan, target_id)
    return _page(plan, Form(TargetSchema(), initial=_values(target)), target)


@targets.post("/<uuid:target_id>")
@requires(*policy.DRAFTERS)
def update_target(plan_id: UUID, target_id: UUID) -> ResponseReturnValue:
    plan = queries.load_plan(plan_id)
    form = Form(TargetSchema(), request.form)
    if form.submit(lambda words: drafting.change_target(current_actor(), plan, target_id, words)):
        flash("The target has been changed.")
        return redirect(url_for("targets.list_targets", plan_id=plan_id), code=303)
    draft = draft_to_edit(plan_id)
    target = _find(draft, target_id)
    theirs = saved_since(form, _values(target), LABELS) if form.stale else None
    return _page(draft, form, target, theirs), 409 if form.stale else 422


@targets.post("/<uuid:target_id>/removal")
@requires(*policy.DRAFTERS)
def remove_target(plan_id: UUID, target_id: UUID) -> ResponseReturnValue:
    drafting.remove_target(current_actor(), queries.load_plan(plan_id), target_id)
    flash("The target has been taken out of this draft.")
    return redirect(url_for("targets.list_targets", plan_id=plan_id), code=303)


def _find(plan: PlanView, target_id: UUID) -> TargetRead:
    target = plan.get_target(target_id)
    if target is None:
        raise NotFound
    return target


def _values(target: TargetRead) -> dict[str, Any]:
    return {name: getattr(target, name) for name in (*LABELS, "version")}


def _page(
    plan: PlanView, form: Form, target: TargetRead | None, theirs: list[dict[str, str]] | None = None
) -> str:
    note_read("plan", pupil_id=plan.pupil_id)
    return render_template(
        "plans/target.html", plan=plan, form=form, target=target, theirs=theirs, needs=need_choices()
    )
