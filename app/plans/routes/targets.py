"""Targets of a draft: a list that grows one page at a time."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.plans import drafting, policy, queries
from app.plans.pages import DraftPage, draft_to_edit, plan_page, written_in
from app.plans.read import PlanView, TargetRead
from app.plans.schemas import TargetSchema
from app.web.access import current_actor, requires

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


def _values(plan: PlanView, target: TargetRead | None) -> dict[str, Any]:
    """A new target begins with the main need."""
    return written_in(target, LABELS) if target else {"need_code": plan.needs[0].code if plan.needs else None}


TARGET = DraftPage(
    "plans/target.html", TargetSchema, _values, LABELS, "targets.list_targets", PlanView.get_target
)


@targets.get("")
@requires(*policy.DRAFTERS)
def list_targets(plan_id: UUID) -> ResponseReturnValue:
    return plan_page("plans/targets.html", draft_to_edit(plan_id))


@targets.get("/new")
@requires(*policy.DRAFTERS)
def new_target(plan_id: UUID) -> ResponseReturnValue:
    return TARGET.show(plan_id)


@targets.post("")
@requires(*policy.DRAFTERS)
def create_target(plan_id: UUID) -> ResponseReturnValue:
    return TARGET.save(plan_id, drafting.add_target, "The target has been added.")


@targets.get("/<uuid:target_id>/edit")
@requires(*policy.DRAFTERS)
def edit_target(plan_id: UUID, target_id: UUID) -> ResponseReturnValue:
    return TARGET.show(plan_id, target_id)


@targets.post("/<uuid:target_id>")
@requires(*policy.DRAFTERS)
def update_target(plan_id: UUID, target_id: UUID) -> ResponseReturnValue:
    change = partial(drafting.change_target, target_id=target_id)
    return TARGET.save(plan_id, change, "The target has been changed.", target_id)


@targets.post("/<uuid:target_id>/removal")
@requires(*policy.DRAFTERS)
def remove_target(plan_id: UUID, target_id: UUID) -> ResponseReturnValue:
    drafting.remove_target(current_actor(), queries.load_plan(plan_id), target_id)
    flash("The target has been taken out of this draft.")
    return redirect(url_for("targets.list_targets", plan_id=plan_id), code=303)
