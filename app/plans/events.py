"""What happens to plans."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersionOpened(Event):
    """There is a new draft: the first plan of a child or the next version of it."""

    plan_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShared(Event):
    """The family can read the plan and answer."""

    plan_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTakenBack(Event):
    """A shared plan is a draft again, to be changed."""

    plan_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAgreed(Event):
    """Somebody with a say agreed, or the school went ahead after it had tried to reach the family."""

    plan_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChangesAsked(Event):
    """The family read the plan and does not agree yet."""

    plan_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEnded(Event):
    """The school has ended a plan that the family has seen, and said why."""

    plan_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsDue(Event):
    """It is early morning: who has a review coming?"""
