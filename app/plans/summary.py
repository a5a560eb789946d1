"""The plan of a pupil in short, for the overview of the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.kernel.clock import today
from app.plans.models import LIVE, Plan, Status, Target

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class PlanInShort:
    """A plan that is not history, or one that ended. `shared_on` and `agreed_on` are London dates, None before they happened."""

    id: UUID
    number: int
    status: str
    next_review_on: date | None
    shared_on: date | None
    agreed_on: date | None
    ended_on: date | None
    targets: Sequence[str]

    @property
    def is_overdue(self) -> bool:
        return self.next_review_on is not None and self.next_review_on < today()

    @property
    def is_due_soon(self) -> bool:
        return self.next_review_on is not None and today() <= self.next_review_on <= today() + SOON


@dataclass(frozen=True, slots=True)
class PlansInShort:
    agreed: PlanInShort | None
    open: PlanInShort | None
    ended: PlanInShort | None


def column(pupil_id: UUID) -> Any:
    """The agreed plan, the one that is being written or is with the family, and those that ended, newest first."""
    titles = (
        select(func.json_agg(Target.title).aggregate_order_by(Target.position))
        .where(Target.tenant_id == Plan.tenant_id, Target.plan_id == Plan.id)
        .correlate(Plan)
        .scalar_subquery()
    )
    facts = func.json_build_array(
        Plan.id,
        Plan.number,
        Plan.status,
        Plan.next_review_on,
        _london_day(Plan.shared_at),
        _london_day(Plan.agreed_at),
        Plan.ended_on,
        titles,
    )
    told_of = Plan.status.in_((*LIVE, Status.CEASED))
    newest_first = func.json_agg(facts).aggregate_order_by(Plan.number.desc())
    return select(newest_first).where(Plan.pupil_id == pupil_id, told_of).scalar_subquery()


def told(found: Sequence[Sequence[Any]] | None) -> PlansInShort:
    plans = [_plan(*facts) for facts in found or ()]
    return PlansInShort(
        agreed=_first(plans, Status.AGREED),
        open=_first(plans, Status.DRAFT, Status.SHARED),
        ended=_first(plans, Status.CEASED),
    )


def _first(plans: Sequence[PlanInShort], *wanted: Status) -> PlanInShort | None:
    return next((plan for plan in plans if plan.status in wanted), None)


def _plan(key: str, number: int, status: str, *rest: Any) -> PlanInShort:
    *days, titles = rest
    review, shared, agreed, ended = (date.fromisoformat(day) if day else None for day in days)
    return PlanInShort(UUID(key), number, status, review, shared, agreed, ended, tuple(titles or ()))


def _london_day(instant: Any) -> Any:
    return func.date(func.timezone("Europe/London", instant))
