"""What the record already says, as a first draft in the SENDCO's hands: from the agreed plan, reviews and the child."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.plans import queries as plans
from app.plans.models import Target
from app.plans.read import PlanView
from app.reviews import queries as reviews
from app.reviews.models import Review, ReviewOutcome
from app.reviews.scale import outcome_name
from app.voice import queries as voice


@dataclass(frozen=True, slots=True)
class Story:
    """Each text may be empty: then the record does not say it."""

    plan_id: UUID | None = None
    strengths: str = ""
    needs: str = ""
    tried: str = ""
    outcomes: str = ""
    pupil_view: str = ""


def tell(pupil_id: UUID) -> Story:
    """Everything that can be copied, so that nobody types twice what the school already wrote.

    Never what the family wrote: every adult who is asked reads this, and one parent's words are not the other's.
    """
    plan = plans.current_plan(pupil_id)
    of_child = [view.words for view in voice.list_views(pupil_id) if view.by_child]
    return Story(
        plan_id=plan.id if plan else None,
        strengths=plan.strengths if plan else "",
        needs=_needs(plan) if plan else "",
        tried="\n".join((_help(plan) if plan else []) + _reviewed(pupil_id)),
        outcomes=plan.outcomes if plan else "",
        pupil_view=of_child[0] if of_child else "",
    )


def reviewed_targets(pupil_id: Any) -> Any:
    """For a read model: title and outcome of every target that was reviewed, oldest first, as one JSON column."""
    facts = func.json_build_array(Target.title, ReviewOutcome.outcome)
    return (
        select(func.json_agg(facts).aggregate_order_by(Review.held_on, Target.position))
        .select_from(ReviewOutcome)
        .join(Review, (Review.tenant_id == ReviewOutcome.tenant_id) & (Review.id == ReviewOutcome.review_id))
        .join(Target, (Target.tenant_id == ReviewOutcome.tenant_id) & (Target.id == ReviewOutcome.target_id))
        .where(ReviewOutcome.pupil_id == pupil_id)
        .scalar_subquery()
    )


def targets(found: Sequence[Sequence[str]] | None) -> list[dict[str, Any]]:
    """For a snapshot: each target once, with what became of it at one review after the other."""
    told: dict[str, list[str]] = {}
    for title, outcome in found or ():
        told.setdefault(title, []).append(outcome_name(outcome))
    return [{"title": title, "outcomes": outcomes} for title, outcomes in told.items()]


def _needs(plan: PlanView) -> str:
    return "\n".join(
        [plan.difficulties, *(f"{need.name}: {need.description}".rstrip(": ") for need in plan.needs)]
    )


def _help(plan: PlanView) -> list[str]:
    return [f"{line.name}. {line.how_much}." for line in plan.provision]


def _reviewed(pupil_id: UUID) -> list[str]:
    return [
        f"Review on {review.held_on.day} {review.held_on:%B %Y}: {review.summary}"
        for review in reversed(reviews.list_reviews(pupil_id))
        if review.summary
    ]
