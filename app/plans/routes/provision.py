"""Provision of a draft: what help, how much of it, and for those who may see it, what it costs."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.errors import NotFound
from app.kernel.money import format_pounds
from app.plans import drafting, policy, queries
from app.plans.pages import draft_to_edit, saved_since
from app.plans.read import PlanView, ProvisionRead
from app.provision.schemas import LineSchema, PricedLineSchema
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

provision = Blueprint("provision", __name__, url_prefix="/plans/<uuid:plan_id>/provision")

LABELS = {
    "name": "What help",
    "who": "Who does it",
    "minutes_per_session": "Minutes for each session",
    "sessions_per_week": "Sessions a week",
    "weeks": "Weeks",
    "group_size": "Children in the group",
}
PRICES = {"hourly_rate_pence": "Cost of an hour", "one_off_pence": "Cost once"}


@provision.get("")
@requires(*policy.DRAFTERS)
def list_lines(plan_id: UUID) -> ResponseReturnValue:
    plan = draft_to_edit(plan_id)
    note_read("plan", pupil_id=plan.pupil_id)
    return render_template("plans/provision.html", plan=plan, can_see_cost=_priced())


@provision.get("/new")
@requires(*policy.DRAFTERS)
def new_line(plan_id: UUID) -> ResponseReturnValue:
    return _page(draft_to_edit(plan_id), Form(_schema(), initial={"group_size": 1}), None)


@provision.post("")
@requires(*policy.DRAFTERS)
def create_line(plan_id: UUID) -> ResponseReturnValue:
    plan = queries.load_plan(plan_id)
    form = Form(_schema(), request.form)
    if form.submit(lambda line: drafting.add_line(current_actor(), plan, line)):
        flash("The help has been added.")
        return redirect(url_for("provision.list_lines", plan_id=plan_id), code=303)
    return _page(draft_to_edit(plan_id), form, None), 422


@provision.get("/<uuid:line_id>/edit")
@requires(*policy.DRAFTERS)
def edit_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    plan = draft_to_edit(plan_id)
    line = _find(plan, line_id)
    return _page(plan, Form(_schema(), initial=_values(line)), line)


@provision.post("/<uuid:line_id>")
@requires(*policy.DRAFTERS)
def update_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    plan = queries.load_plan(plan_id)
    form = Form(_schema(), request.form)
    if form.submit(lambda line: drafting.change_line(current_actor(), plan, line_id, line)):
        flash("The help has been changed.")
        return redirect(url_for("provision.list_lines", plan_id=plan_id), code=303)
    draft = draft_to_edit(plan_id)
    line = _find(draft, line_id)
    theirs = (
        saved_since(form, _values(line), LABELS | PRICES if _priced() else LABELS) if form.stale else None
    )
    return _page(draft, form, line, theirs), 409 if form.stale else 422


@provision.post("/<uuid:line_id>/removal")
@requires(*policy.DRAFTERS)
def remove_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    drafting.remove_line(current_actor(), queries.load_plan(plan_id), line_id)
    flash("The help has been taken out of this draft.")
    return redirect(url_for("provision.list_lines", plan_id=plan_id), code=303)


def _priced() -> bool:
    return policy.can_see_cost(current_actor())


def _schema() -> LineSchema:
    return PricedLineSchema() if _priced() else LineSchema()


def _find(plan: PlanView, line_id: UUID) -> ProvisionRead:
    line = plan.get_line(line_id)
    if line is None:
        raise NotFound
    return line


def _values(line: ProvisionRead) -> dict[str, Any]:
    prices = {
        name: format_pounds(pence).removesuffix(".00") if pence else ""
        for name in PRICES
        if (pence := getattr(line, name)) is not None
    }
    return {name: getattr(line, name) for name in (*LABELS, "version")} | prices


def _page(
    plan: PlanView, form: Form, line: ProvisionRead | None, theirs: list[dict[str, str]] | None = None
) -> str:
    note_read("plan", pupil_id=plan.pupil_id)
    return render_template(
        "plans/line.html", plan=plan, form=form, line=line, theirs=theirs, can_see_cost=_priced()
    )
