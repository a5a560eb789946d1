"""The pages of a draft: opened, saved, and shown again with both texts when it was saved elsewhere meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import today
from app.kernel.commands import CommandSchema
from app.kernel.errors import Conflict, NotFound
from app.plans import policy, queries
from app.plans.models import why_not_a_draft
from app.plans.read import PlanView
from app.settings import codes
from app.web.access import current_actor
from app.web.forms import Form
from app.web.reads import note_read


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A page on which one part of a draft is written: its words, a target, a line of provision.

    `find` looks for the part in the plan, `values` are the answers that the record gives already (for a part that is
    not there yet: None), `labels` name them for both texts of a stale save, and `done` is the endpoint to go on to.
    """

    template: str
    schema: Callable[[], CommandSchema[Any]]
    values: Callable[[PlanView, Any], dict[str, Any]]
    labels: Mapping[str, str]
    done: str
    find: Callable[[PlanView, UUID], Any] = lambda _plan, _part_id: None

    def show(self, plan_id: UUID, part_id: UUID | None = None) -> str:
        plan = draft_to_edit(plan_id)
        part = self._part(plan, part_id)
        return self._page(plan, part, Form(self.schema(), initial=self.values(plan, part)))

    def save(
        self, plan_id: UUID, act: Callable[..., Any], said: str, part_id: UUID | None = None
    ) -> ResponseReturnValue:
        form = Form(self.schema(), request.form)
        if form.submit(partial(act, current_actor(), queries.load_plan(plan_id))):
            flash(said)
            return redirect(url_for(self.done, plan_id=plan_id), code=303)
        plan = draft_to_edit(plan_id)
        part = self._part(plan, part_id)
        if not form.stale:
            return self._page(plan, part, form), 422
        return self._page(plan, part, form, _saved_since(form, self.values(plan, part), self.labels)), 409

    def _part(self, plan: PlanView, part_id: UUID | None) -> Any:
        part = self.find(plan, part_id) if part_id else None
        if part_id and part is None:
            raise NotFound
        return part

    def _page(self, plan: PlanView, part: Any, form: Form, theirs: list[dict[str, str]] | None = None) -> str:
        return plan_page(self.template, plan, part=part, form=form, theirs=theirs, needs=_need_choices(plan))


def draft_to_edit(plan_id: UUID) -> PlanView:
    """Raises Conflict for a plan that is not a draft any more."""
    plan = queries.get_staff_plan(plan_id, prices=policy.can_see_cost(current_actor()))
    if not plan.is_draft:
        raise Conflict(why_not_a_draft(plan.status))
    return plan


def plan_page(template: str, plan: PlanView, **facts: Any) -> str:
    """A page about one plan, in the frame of the pupil's record. It is noted who looked."""
    note_read("plan", pupil_id=plan.pupil_id)
    actor = current_actor()
    may = {
        "can_draft": policy.can_draft(actor),
        "can_share": policy.can_share(actor),
        "can_end": policy.can_end(actor),
        "can_see_cost": policy.can_see_cost(actor),
    }
    return render_template(template, plan=plan, pupil=plan.pupil, **may, **facts)


def written_in(part: Any, labels: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the record of a part, with the version that a save is checked against."""
    return {name: getattr(part, name) for name in (*labels, "version")}


def _need_choices(plan: PlanView) -> list[dict[str, str]]:
    """The plan's own needs first: a target is nearly always for one of them."""
    own = {need.code: need.rank for need in plan.needs}
    known = sorted(codes.need_codes(today()), key=lambda code: own.get(code.code, len(own) + 1))
    return [{"value": code.code, "text": code.name} for code in known]


def _saved_since(form: Form, saved: Mapping[str, Any], labels: Mapping[str, str]) -> list[dict[str, str]]:
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
