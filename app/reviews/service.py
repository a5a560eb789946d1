"""Recording a review, which opens the next version of the plan."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.access import Actor, authorise
from app.kernel.clock import london, today
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.kernel.ids import new_id
from app.plans import service as plans
from app.plans.drafting import A_YEAR
from app.plans.models import Plan, Status
from app.reviews import policy, queries
from app.reviews.events import ReviewRecorded
from app.reviews.models import Review, ReviewOutcome
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class TargetResult:
    """How a target went, what shows it, and whether the next plan keeps it."""

    target_id: UUID
    outcome: str
    evidence: str
    keep: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    held_on: date
    parent_took_part: str
    next_review_on: date
    results: tuple[TargetResult, ...]
    parent_comment: str = ""
    child_comment: str = ""
    child_method: str = ""
    summary: str = ""


def record_review(actor: Actor, plan: Plan, reviewed: Reviewed) -> Plan | None:
    """Write down how the plan went and open the next one. Returns the new draft, or None when one is open already.

    Raises Conflict for a plan that is not agreed or has had its review.
    """
    authorise(actor, policy.can_review)
    if plan.status is not Status.AGREED:
        raise Conflict("Only an agreed plan is reviewed.")
    if queries.is_reviewed(plan.id):
        raise Conflict("This plan has already been reviewed.")
    _check(plan, reviewed)
    review = _write(actor, plan, reviewed)
    record(ReviewRecorded(review_id=review.id, plan_id=plan.id))
    keep = {result.target_id: result.evidence for result in reviewed.results if result.keep}
    return plans.open_reviewed(actor, plan, keep=keep, next_review_on=reviewed.next_review_on)


def _check(plan: Plan, reviewed: Reviewed) -> None:
    if reviewed.held_on > today():
        raise Invalid("held_on", "The date of the review must be today or in the past")
    agreed_on = london(plan.agreed_at).date() if plan.agreed_at else reviewed.held_on
    if reviewed.held_on < agreed_on:
        agreed = f"{agreed_on.day} {agreed_on:%B %Y}"
        raise Invalid(
            "held_on", f"The date of the review must be on or after {agreed}, when the plan was agreed"
        )
    if not reviewed.held_on < reviewed.next_review_on <= reviewed.held_on + A_YEAR:
        raise Invalid(
            "next_review_on", "The date of the next review must be after this one and within 12 months of it"
        )
    if reviewed.child_comment and not reviewed.child_method:
        raise Invalid("child_method", "Choose how the child told you")
    if reviewed.parent_took_part == "views_sent" and not reviewed.parent_comment:
        raise Invalid("parent_comment", "Enter the views that they sent")


def _write(actor: Actor, plan: Plan, reviewed: Reviewed) -> Review:
    review = Review(
        id=new_id(),
        plan_id=plan.id,
        pupil_id=plan.pupil_id,
        held_on=reviewed.held_on,
        parent_took_part=reviewed.parent_took_part,
        parent_comment=reviewed.parent_comment,
        child_comment=reviewed.child_comment,
        child_method=reviewed.child_method,
        summary=reviewed.summary,
        next_review_on=reviewed.next_review_on,
        recorded_by=actor.person_id,
    )
    db.session.add(review)
    db.session.add_all(
        ReviewOutcome(
            id=new_id(),
            review_id=review.id,
            pupil_id=plan.pupil_id,
            target_id=result.target_id,
            outcome=result.outcome,
            evidence=result.evidence,
        )
        for result in reviewed.results
    )
    return review
