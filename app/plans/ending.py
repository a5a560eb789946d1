"""How a plan comes to its end: one that the family has seen is ended, a draft that it has not is discarded."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import set_committed_value

from app.kernel.access import Actor, authorise
from app.kernel.clock import today
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.plans import policy
from app.plans.copying import MODELS
from app.plans.events import PlanEnded
from app.plans.models import LIVE, Plan
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class Ending:
    """The day and the reason, in words that the family reads."""

    version: int
    ended_on: date
    ended_because: str


@dataclass(frozen=True, slots=True)
class Discarding:
    version: int


def end_plan(actor: Actor, plan: Plan, ending: Ending) -> None:
    """End a plan, and with it the other version that the family has seen. A draft it has not seen goes first."""
    authorise(actor, policy.can_end)
    if ending.ended_on > today():
        raise Invalid("ended_on", "The date the plan ended must be today or in the past")
    others = _other_live_versions(plan)
    for other in others:
        if not other.was_shown:
            raise Conflict(f"Plan {other.number} is still a draft. Discard it first, then end this plan.")
    set_committed_value(plan, "version", ending.version)
    for ended in (plan, *others):
        ended.end(on=ending.ended_on, because=ending.ended_because, by=actor.person_id)
    record(PlanEnded(plan_id=plan.id))


def discard_draft(actor: Actor, plan: Plan, discarding: Discarding) -> None:
    """Take a draft that no family has seen off the record. Whoever did it, and when, stays in the audit."""
    authorise(actor, policy.can_end)
    plan.check_discardable()
    set_committed_value(plan, "version", discarding.version)
    for part in MODELS.values():
        db.session.execute(delete(part).where(part.plan_id == plan.id))
    db.session.delete(plan)


def _other_live_versions(plan: Plan) -> list[Plan]:
    of_the_same_child = (Plan.pupil_id == plan.pupil_id, Plan.id != plan.id)
    return list(db.session.scalars(select(Plan).where(*of_the_same_child, Plan.status.in_(LIVE))))
