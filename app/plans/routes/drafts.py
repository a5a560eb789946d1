"""The draft of a plan: a list of tasks, the pages about the child, the needs and the dates, and the way out of it."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Role
from app.plans import drafting, ending, policy, queries, service
from app.plans.pages import DraftPage, plan_page, written_in
from app.plans.read import PlanView
from app.plans.schemas import AboutSchema, DatesSchema, DiscardingSchema, NeedsSchema
from app.web.access import current_actor, requires
from app.web.forms import Form

drafts = Blueprint("drafts", __name__, url_prefix="/plans/<uuid:plan_id>/draft")


def _needs(plan: PlanView, _: Any) -> dict[str, Any]:
    rows: dict[str, Any] = {"version": plan.version}
    for row, need in enumerate(plan.needs[: drafting.MOST_NEEDS], 1):
        rows |= {f"code_{row}": need.code, f"description_{row}": need.description}
    return rows


OF_THE_CHILD = {
    "strengths": "What the child is good at",
    "difficulties": "What is hard",
    "outcomes": "What everybody hopes for",
}
DAYS = {"starts_on": "The plan starts", "next_review_on": "Next review"}
ROWS = {
    f"{part}_{row}": f"{label} {row}"
    for row in range(1, drafting.MOST_NEEDS + 1)
    for part, label in (("code", "Need"), ("description", "What need means, row"))
}
SAVED, DRAFT = "Saved.", "drafts.show_draft"
ABOUT = DraftPage(
    "plans/about.html", AboutSchema, lambda plan, _: written_in(plan, OF_THE_CHILD), OF_THE_CHILD, DRAFT
)
DATES = DraftPage("plans/dates.html", DatesSchema, lambda plan, _: written_in(plan, DAYS), DAYS, DRAFT)
NEEDS = DraftPage("plans/needs.html", NeedsSchema, _needs, ROWS, DRAFT)


@drafts.get("")
@requires(*policy.DRAFTERS)
def show_draft(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.get_staff_plan(plan_id, prices=policy.can_see_cost(current_actor()))
    if not plan.is_draft:
        return redirect(url_for("plans.show_plan", plan_id=plan_id), code=303)
    return plan_page("plans/draft.html", plan, missing=service.what_is_missing(plan))


@drafts.get("/about")
@requires(*policy.DRAFTERS)
def edit_about(plan_id: UUID) -> ResponseReturnValue:
    return ABOUT.show(plan_id)


@drafts.post("/about")
@requires(*policy.DRAFTERS)
def update_about(plan_id: UUID) -> ResponseReturnValue:
    return ABOUT.save(plan_id, drafting.write_about, SAVED)


@drafts.get("/needs")
@requires(*policy.DRAFTERS)
def edit_needs(plan_id: UUID) -> ResponseReturnValue:
    return NEEDS.show(plan_id)


@drafts.post("/needs")
@requires(*policy.DRAFTERS)
def update_needs(plan_id: UUID) -> ResponseReturnValue:
    return NEEDS.save(plan_id, drafting.choose_needs, SAVED)


@drafts.get("/dates")
@requires(*policy.DRAFTERS)
def edit_dates(plan_id: UUID) -> ResponseReturnValue:
    return DATES.show(plan_id)


@drafts.post("/dates")
@requires(*policy.DRAFTERS)
def update_dates(plan_id: UUID) -> ResponseReturnValue:
    return DATES.save(plan_id, drafting.set_dates, SAVED)


@drafts.get("/removal/new")
@requires(Role.SENDCO)
def new_removal(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.get_staff_plan(plan_id, prices=False)
    return plan_page(
        "plans/removal.html", plan, form=Form(DiscardingSchema(), initial={"version": plan.version})
    )


@drafts.post("/removal")
@requires(Role.SENDCO)
def create_removal(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.load_plan(plan_id)
    pupil_id, form = plan.pupil_id, Form(DiscardingSchema(), request.form)
    if form.submit(partial(ending.discard_draft, current_actor(), plan)):
        flash("The draft has been discarded.")
        return redirect(url_for("plans.list_plans", pupil_id=pupil_id), code=303)
    now = queries.get_staff_plan(plan_id, prices=False)
    form.values["version"] = now.version
    return plan_page("plans/removal.html", now, form=form), 409 if form.stale else 422
