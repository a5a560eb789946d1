"""What the pages of a draft share: the plan that is being edited, and what somebody else saved meanwhile."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.clock import today
from app.kernel.errors import Conflict
from app.plans import policy, queries
from app.plans.read import PlanView
from app.settings import codes
from app.web.access import current_actor
from app.web.forms import Form


def draft_to_edit(plan_id: UUID) -> PlanView:
    """Raises Conflict for a plan that is not a draft any more."""
    plan = queries.get_staff_plan(plan_id, prices=policy.can_see_cost(current_actor()))
    if not plan.is_draft:
        raise Conflict(
            "This plan is no longer a draft, so it cannot be changed. Open a new version to change it."
        )
    return plan


def need_choices() -> list[dict[str, str]]:
    return [{"value": code.code, "text": code.name} for code in codes.need_codes(today())]


def saved_since(form: Form, saved: Mapping[str, Any], labels: Mapping[str, str]) -> list[dict[str, str]]:
    """What stands in the record now where it differs from the form, whose version becomes the fresh one."""
    form.values["version"] = saved["version"]
    return [
        {"label": label, "text": _shown(saved.get(name)) or "Nothing"}
        for name, label in labels.items()
        if _shown(saved.get(name)) != _shown(form.values.get(name))
    ]


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        value = "-".join(value[part].zfill(2) for part in ("year", "month", "day"))
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
