"""The draft of a plan: a list of tasks and the pages about the child, the needs and the dates."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Actor
from app.plans import drafting, policy, queries, service
from app.plans.models import Plan
from app.plans.pages import draft_to_edit, need_choices, saved_since
from app.plans.read import PlanView
from app.plans.schemas import AboutSchema, DatesSchema, NeedsSchema
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

drafts = Blueprint("drafts", __name__, url_prefix="/plans/<uuid:plan_id>/draft")

ABOUT = {
    "strengths": "What the child is good at",
    "difficulties": "What is hard",
    "outcomes": "What everybody hopes for",
}
DATES = {"starts_on": "The plan starts", "next_review_on": "Next review"}
NEEDS = {
    f"{part}_{row}": f"{label} {row}"
    for row in range(1, drafting.MOST_NEEDS + 1)
    for part, label in (("code", "Need"), ("description", "What need means, row"))
}


@drafts.get("")
@requires(*policy.DRAFTERS)
def show_draft(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.get_staff_plan(plan_id, prices=policy.can_see_cost(current_actor()))
    note_read("plan", pupil_id=plan.pupil_id)
    if not plan.is_draft:
        return redirect(url_for("plans.show_plan", plan_id=plan_id), code=303)
    missing = service.what_is_missing(plan)
    return render_template(
        "plans/draft.html", plan=plan, missing=missing, can_share=policy.can_share(current_actor())
    )


@drafts.get("/about")
@requires(*policy.DRAFTERS)
def edit_about(plan_id: UUID) -> ResponseReturnValue:
    plan = draft_to_edit(plan_id)
    return _page("plans/about.html", plan, Form(AboutSchema(), initial=_about(plan)))


@drafts.post("/about")
@requires(*policy.DRAFTERS)
def update_about(plan_id: UUID) -> ResponseReturnValue:
    return _save(
        plan_id, Form(AboutSchema(), request.form), drafting.write_about, "plans/about.html", _about, ABOUT
    )


@drafts.get("/needs")
@requires(*policy.DRAFTERS)
def edit_needs(plan_id: UUID) -> ResponseReturnValue:
    plan = draft_to_edit(plan_id)
    return _page("plans/needs.html", plan, Form(NeedsSchema(), initial=_needs(plan)))


@drafts.post("/needs")
@requires(*policy.DRAFTERS)
def update_needs(plan_id: UUID) -> ResponseReturnValue:
    return _save(
        plan_id, Form(NeedsSchema(), request.form), drafting.choose_needs, "plans/needs.html", _needs, NEEDS
    )


@drafts.get("/dates")
@requires(*policy.DRAFTERS)
def edit_dates(plan_id: UUID) -> ResponseReturnValue:
    plan = draft_to_edit(plan_id)
    return _page("plans/dates.html", plan, Form(DatesSchema(), initial=_dates(plan)))


@drafts.post("/dates")
@requires(*policy.DRAFTERS)
def update_dates(plan_id: UUID) -> ResponseReturnValue:
    return _save(
        plan_id, Form(DatesSchema(), request.form), drafting.set_dates, "plans/dates.html", _dates, DATES
    )


def _save(
    plan_id: UUID,
    form: Form,
    act: Callable[[Actor, Plan, Any], None],
    template: str,
    saved: Callable[[PlanView], dict[str, Any]],
    labels: dict[str, str],
) -> ResponseReturnValue:
    if form.submit(partial(act, current_actor(), queries.load_plan(plan_id))):
        flash("Saved.")
        return redirect(url_for("drafts.show_draft", plan_id=plan_id), code=303)
    plan = draft_to_edit(plan_id)
    if not form.stale:
        return _page(template, plan, form), 422
    theirs = saved_since(form, saved(plan), labels)
    return _page(template, plan, form, theirs), 409


def _page(template: str, plan: PlanView, form: Form, theirs: list[dict[str, str]] | None = None) -> str:
    note_read("plan", pupil_id=plan.pupil_id)
    return render_template(template, plan=plan, form=form, theirs=theirs, needs=need_choices())


def _about(plan: PlanView) -> dict[str, Any]:
    return {"version": plan.version, **{name: getattr(plan, name) for name in ABOUT}}


def _dates(plan: PlanView) -> dict[str, Any]:
    return {"version": plan.version, **{name: getattr(plan, name) for name in DATES}}


def _needs(plan: PlanView) -> dict[str, Any]:
    rows: dict[str, Any] = {"version": plan.version}
    for row, need in enumerate(plan.needs[: drafting.MOST_NEEDS], 1):
        rows |= {f"code_{row}": need.code, f"description_{row}": need.description}
    return rows
