"""The life of a plan: opened, shared with the family, taken back, answered, and opened again as a new version."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from app.kernel.access import Actor, Audience, authorise
from app.kernel.clock import now, today
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.kernel.ids import new_id
from app.plans import copying, policy, queries
from app.plans.events import PlanAgreed, PlanChangesAsked, PlanShared, PlanTakenBack, PlanVersionOpened
from app.plans.models import Plan, PlanAgreement
from app.plans.read import PlanView
from infrastructure.database.door import db

# A first guess for the date of the next review; the Code of Practice expects three reviews a year.
TIME_TO_REVIEW = timedelta(weeks=12)
NO_REPLY = "no_reply"
STAFF_METHODS = ("meeting", "phone", "paper", NO_REPLY)


@dataclass(frozen=True, slots=True)
class Opening:
    """Which parts of the plan before are copied into the new version."""

    copy: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody answered to exactly this saved version of the plan. `method` is "portal" for a family itself."""

    agreed: bool
    plan_version: int
    method: str = "portal"
    said_by: str = ""
    comment: str = ""
    happened_on: date = field(default_factory=today)


def open_plan(actor: Actor, pupil_id: UUID, opening: Opening) -> Plan:
    """Start the first plan of a pupil, or a new version of the agreed one. Raises Conflict while one is open."""
    authorise(actor, policy.can_draft)
    if queries.open_plan_id(pupil_id) is not None:
        raise Conflict("There is already a plan that is not agreed yet. Finish that one first.")
    before = copying.newest_plan(pupil_id)
    plan = _add(actor, pupil_id, before)
    if before is None:
        copying.start_with_known_needs(plan)
    else:
        copying.copy_parts(before, plan, opening.copy)
    record(PlanVersionOpened(plan_id=plan.id))
    return plan


def open_reviewed(actor: Actor, plan: Plan, *, keep: Mapping[UUID, str], next_review_on: date) -> Plan | None:
    """After a review: a draft with the targets to keep and where the child is now in each. None if one is open."""
    authorise(actor, policy.can_draft)
    if queries.open_plan_id(plan.pupil_id) is not None:
        return None
    opened = _add(actor, plan.pupil_id, plan)
    opened.next_review_on = next_review_on
    copying.copy_parts(plan, opened, (copying.NEEDS, copying.PROVISION))
    copying.copy_targets(plan, opened, keep)
    record(PlanVersionOpened(plan_id=opened.id))
    return opened


def share_plan(actor: Actor, plan: Plan, view: PlanView) -> None:
    """Let the family read and answer. Raises Conflict for a plan that is not ready."""
    authorise(actor, policy.can_share)
    missing = what_is_missing(view)
    if missing:
        raise Conflict(f"Before you share this plan: {', '.join(missing)}.")
    plan.share(at=now())
    record(PlanShared(plan_id=plan.id))


def take_back(actor: Actor, plan: Plan) -> None:
    """Make a shared plan a draft again. The family no longer sees it until it is shared again."""
    authorise(actor, policy.can_share)
    plan.take_back(at=now())
    record(PlanTakenBack(plan_id=plan.id))


def agree(actor: Actor, plan: Plan, agreement: Agreement) -> None:
    """Write down an answer to the plan; PostgreSQL moves it to agreed when the answer is yes.

    A family answers for itself, the SENDCO for a family that answered in another way. Raises Conflict when the plan
    has changed since, and Invalid when the answer says too little.
    """
    authorise(actor, policy.can_answer)
    plan.check_answerable(agreement.plan_version)
    _check_answer(actor, agreement)
    db.session.add(_answer(actor, plan, agreement))
    db.session.flush()  # the trigger on the answer changes the plan
    db.session.expire(plan)
    record(PlanAgreed(plan_id=plan.id) if agreement.agreed else PlanChangesAsked(plan_id=plan.id))


def what_is_missing(view: PlanView) -> list[str]:
    """What a plan needs before a family is asked to read it, each as something to do."""
    wanted = {
        "say what the child is good at": view.strengths,
        "say what is hard for the child": view.difficulties,
        "say what everybody hopes for": view.outcomes,
        "choose at least one need": view.needs,
        "add at least one target": view.targets,
        "set the date of the next review": view.next_review_on,
    }
    return [what for what, found in wanted.items() if not found]


def _add(actor: Actor, pupil_id: UUID, before: Plan | None) -> Plan:
    plan = Plan(
        id=new_id(),
        pupil_id=pupil_id,
        number=before.number + 1 if before else 1,
        previous_id=before.id if before else None,
        strengths=before.strengths if before else "",
        difficulties=before.difficulties if before else "",
        outcomes=before.outcomes if before else "",
        starts_on=today(),
        next_review_on=today() + TIME_TO_REVIEW,
        created_by=actor.person_id,
    )
    db.session.add(plan)
    db.session.flush()  # its parts are checked against it
    return plan


def _check_answer(actor: Actor, agreement: Agreement) -> None:
    if agreement.happened_on > today():
        raise Invalid("happened_on", "The date they answered must be today or in the past")
    if not agreement.agreed and not agreement.comment:
        raise Invalid("comment", "Say what should change in the plan")
    if actor.audience is Audience.FAMILY:
        return
    if agreement.method == NO_REPLY and not agreement.comment:
        raise Invalid("comment", "Say how and when you tried to reach the family")
    if agreement.method == NO_REPLY and not agreement.agreed:
        raise Invalid("method", "Choose how they told you what should change")
    if agreement.method != NO_REPLY and not agreement.said_by:
        raise Invalid("said_by", "Enter who answered")


def _answer(actor: Actor, plan: Plan, agreement: Agreement) -> PlanAgreement:
    at_home = actor.audience is Audience.FAMILY
    return PlanAgreement(
        id=new_id(),
        plan_id=plan.id,
        pupil_id=plan.pupil_id,
        plan_version=agreement.plan_version,
        agreed=agreement.agreed,
        method="portal" if at_home else agreement.method,
        guardianship_id=actor.scope_id if at_home else None,
        person_id=actor.person_id if at_home else None,
        said_by=actor.name if at_home else agreement.said_by,
        comment=agreement.comment,
        happened_on=today() if at_home else agreement.happened_on,
        recorded_by=None if at_home else actor.person_id,
    )
