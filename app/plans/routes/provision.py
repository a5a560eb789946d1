"""Provision of a draft: what help, how much of it, and for those who may see it, what it costs."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.kernel.money import format_pounds
from app.plans import drafting, policy, queries
from app.plans.pages import DraftPage, draft_to_edit, plan_page, written_in
from app.plans.read import PlanView, ProvisionRead
from app.provision.schemas import LineSchema, PricedLineSchema
from app.web.access import current_actor, requires

provision = Blueprint("provision", __name__, url_prefix="/plans/<uuid:plan_id>/provision")

HELP = {
    "name": "What help",
    "who": "Who does it",
    "minutes_per_session": "Minutes for each session",
    "sessions_per_week": "Sessions a week",
    "weeks": "Weeks",
    "group_size": "Children in the group",
}
PRICES = {"hourly_rate_pence": "Cost of an hour", "one_off_pence": "Cost once"}


def _schema() -> LineSchema:
    return PricedLineSchema() if policy.can_see_cost(current_actor()) else LineSchema()


def _values(_: PlanView, line: ProvisionRead | None) -> dict[str, Any]:
    """Without prices for those who may not see them: then the record gave none."""
    if line is None:
        return {"group_size": 1}
    return written_in(line, HELP) | {name: _pounds(getattr(line, name)) for name in PRICES}


def _pounds(pence: int | None) -> str:
    return format_pounds(pence).removeprefix("£").removesuffix(".00") if pence else ""


LINE = DraftPage(
    "plans/line.html", _schema, _values, HELP | PRICES, "provision.list_lines", PlanView.get_line
)


@provision.get("")
@requires(*policy.DRAFTERS)
def list_lines(plan_id: UUID) -> ResponseReturnValue:
    return plan_page("plans/provision.html", draft_to_edit(plan_id))


@provision.get("/new")
@requires(*policy.DRAFTERS)
def new_line(plan_id: UUID) -> ResponseReturnValue:
    return LINE.show(plan_id)


@provision.post("")
@requires(*policy.DRAFTERS)
def create_line(plan_id: UUID) -> ResponseReturnValue:
    return LINE.save(plan_id, drafting.add_line, "The help has been added.")


@provision.get("/<uuid:line_id>/edit")
@requires(*policy.DRAFTERS)
def edit_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    return LINE.show(plan_id, line_id)


@provision.post("/<uuid:line_id>")
@requires(*policy.DRAFTERS)
def update_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    change = partial(drafting.change_line, line_id=line_id)
    return LINE.save(plan_id, change, "The help has been changed.", line_id)


@provision.post("/<uuid:line_id>/removal")
@requires(*policy.DRAFTERS)
def remove_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    drafting.remove_line(current_actor(), queries.load_plan(plan_id), line_id)
    flash("The help has been taken out of this draft.")
    return redirect(url_for("provision.list_lines", plan_id=plan_id), code=303)
