"""Finding reviews: one statement, frozen read models."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, column, func, literal, null, select, table

from app.kernel.errors import NotFound
from app.plans.columns import json_object, pupil_column, read_pupil
from app.plans.models import Plan, Target
from app.pupils.models import Pupil
from app.pupils.queries import PupilCard
from app.reviews.models import Review, ReviewOutcome
from app.reviews.scale import PARENT_TOOK_PART, outcome_name
from app.voice.queries import CHILD_METHODS
from infrastructure.database.door import db

_person = table("person", column("id"), column("name"))
_notification = table(
    "notification", column("person_id"), column("kind"), column("path"), column("created_at")
)


@dataclass(frozen=True, slots=True)
class OutcomeRead:
    """How one target went."""

    target_id: UUID
    title: str
    baseline: str
    success_criterion: str
    outcome: str
    outcome_name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ReviewRead:
    """A review with the outcome of every target. `pupil` and `parent_comment` are for the pages of the school alone."""

    id: UUID
    plan_id: UUID
    plan_number: int
    pupil_id: UUID
    pupil: PupilCard | None
    first_name: str
    held_on: date
    parent_took_part: str
    parent_comment: str
    child_comment: str
    child_method: str
    summary: str
    next_review_on: date | None
    recorded_at: datetime
    recorded_by: str | None
    outcomes: tuple[OutcomeRead, ...]

    @property
    def how_parents_took_part(self) -> str:
        return PARENT_TOOK_PART[self.parent_took_part]

    @property
    def how_child_said_it(self) -> str:
        return CHILD_METHODS.get(self.child_method, "")


def list_reviews(pupil_id: UUID) -> list[ReviewRead]:
    """Newest first."""
    rows = db.session.execute(
        _reviews(staff=False)
        .where(Review.pupil_id == pupil_id)
        .order_by(Review.held_on.desc(), Plan.number.desc())
    )
    return [_read(row) for row in rows]


def get_review(review_id: UUID) -> ReviewRead:
    """For the school, with the pupil. Raises NotFound."""
    row = db.session.execute(_reviews(staff=True).where(Review.id == review_id)).first()
    if row is None:
        raise NotFound
    return _read(row)


def is_reviewed(plan_id: UUID) -> bool:
    return db.session.scalar(select(Review.id).where(Review.plan_id == plan_id)) is not None


@dataclass(frozen=True, slots=True)
class DueReview:
    """An agreed plan whose review is near or late."""

    plan_id: UUID
    pupil_id: UUID
    next_review_on: date


def list_due(by: date) -> list[DueReview]:
    """Agreed plans of pupils on the roll that have no review yet and should have one by that day."""
    reviewed = select(Review.id).where(Review.tenant_id == Plan.tenant_id, Review.plan_id == Plan.id)
    rows = db.session.execute(
        select(Plan.id, Plan.pupil_id, Plan.next_review_on)
        .join(Pupil, (Pupil.tenant_id == Plan.tenant_id) & (Pupil.id == Plan.pupil_id))
        .where(
            Plan.status == "agreed", Plan.next_review_on <= by, Pupil.left_on.is_(None), ~reviewed.exists()
        )
        .order_by(Plan.next_review_on, Plan.id)
    )
    return [DueReview(plan_id, pupil_id, due_on) for plan_id, pupil_id, due_on in rows if due_on]


def last_reminders(paths: Collection[str]) -> dict[tuple[str, UUID], datetime]:
    """When each person was last reminded of each of these plans."""
    told = _notification.c
    rows = db.session.execute(
        select(told.path, told.person_id, func.max(told.created_at))
        .where(told.kind == "review_due", told.path.in_(paths))
        .group_by(told.path, told.person_id)
    )
    return {(path, person_id): at for path, person_id, at in rows}


def _reviews(*, staff: bool) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            Review.id, Review.plan_id, Plan.number, Review.pupil_id, pupil_column() if staff else null(),
            Pupil.preferred_forename, Review.held_on, Review.parent_took_part,
            Review.parent_comment if staff else literal(""), Review.child_comment, Review.child_method,
            Review.summary, Review.next_review_on, Review.recorded_at, _person.c.name, _outcomes(),
        )
        .join(Plan, (Plan.tenant_id == Review.tenant_id) & (Plan.id == Review.plan_id))
        .join(Pupil, (Pupil.tenant_id == Review.tenant_id) & (Pupil.id == Review.pupil_id))
        .outerjoin(_person, _person.c.id == Review.recorded_by)
    )  # fmt: skip
    return statement


def _outcomes() -> Any:
    facts = {
        "target_id": Target.id,
        "title": Target.title,
        "baseline": Target.baseline,
        "success_criterion": Target.success_criterion,
        "outcome": ReviewOutcome.outcome,
        "evidence": ReviewOutcome.evidence,
    }
    mine = (ReviewOutcome.tenant_id == Review.tenant_id) & (ReviewOutcome.review_id == Review.id)
    return (
        select(func.json_agg(json_object(facts)).aggregate_order_by(Target.position, Target.id))
        .select_from(ReviewOutcome)
        .join(Target, (Target.tenant_id == ReviewOutcome.tenant_id) & (Target.id == ReviewOutcome.target_id))
        .where(mine)
        .correlate(Review)
        .scalar_subquery()
    )


def _read(row: Row[*tuple[Any, ...]]) -> ReviewRead:
    facts: list[Any] = list(row)
    facts[4], facts[-1] = facts[4] and read_pupil(facts[4]), tuple(map(_outcome, facts[-1] or ()))
    return ReviewRead(*facts)


def _outcome(facts: dict[str, Any]) -> OutcomeRead:
    own = {"target_id": UUID(facts["target_id"]), "outcome_name": outcome_name(facts["outcome"])}
    return OutcomeRead(**(facts | own))
