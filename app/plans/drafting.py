"""What is written in a draft: about the child, the needs, the targets, the help and the dates."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm.attributes import set_committed_value

from app.kernel.access import Actor, authorise
from app.kernel.clock import today
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from app.plans import policy, queries
from app.plans.models import Plan, PlanNeed, Target
from app.provision import service as provision
from app.provision.service import Line
from infrastructure.database.door import db

MOST_NEEDS = 4
A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class About:
    version: int
    strengths: str
    difficulties: str
    outcomes: str


@dataclass(frozen=True, slots=True)
class Dates:
    version: int
    starts_on: date
    next_review_on: date


@dataclass(frozen=True, slots=True)
class Need:
    code: str
    description: str


@dataclass(frozen=True, slots=True)
class Needs:
    """The main need first."""

    version: int
    chosen: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class TargetWords:
    """`version` is the target's own; a new one has none yet."""

    need_code: str
    title: str
    baseline: str
    success_criterion: str
    school_will: str
    who: str
    how_often: str
    home_will: str = ""
    pupil_will: str = ""
    review_by: date | None = None
    version: int | None = None


def write_about(actor: Actor, plan: Plan, about: About) -> None:
    _begin(actor, plan, about.version)
    plan.strengths, plan.difficulties, plan.outcomes = about.strengths, about.difficulties, about.outcomes
    plan.touch()


def set_dates(actor: Actor, plan: Plan, dates: Dates) -> None:
    _begin(actor, plan, dates.version)
    if abs(dates.starts_on - today()) > A_YEAR:
        raise Invalid("starts_on", "The date the plan starts must be within a year of today")
    if not dates.starts_on < dates.next_review_on <= dates.starts_on + A_YEAR:
        raise Invalid(
            "next_review_on", "The date of the next review must be after the start and within 12 months of it"
        )
    plan.starts_on, plan.next_review_on = dates.starts_on, dates.next_review_on
    plan.touch()


def choose_needs(actor: Actor, plan: Plan, needs: Needs) -> None:
    """Replace the list of needs by this one."""
    _begin(actor, plan, needs.version)
    plan.touch()
    db.session.execute(delete(PlanNeed).where(PlanNeed.plan_id == plan.id))
    db.session.add_all(
        PlanNeed(id=new_id(), plan_id=plan.id, pupil_id=plan.pupil_id, rank=rank, **asdict(need))
        for rank, need in enumerate(needs.chosen, 1)
    )


def add_target(actor: Actor, plan: Plan, words: TargetWords) -> Target:
    authorise(actor, policy.can_draft)
    plan.check_draft()
    last = db.session.scalar(select(func.max(Target.position)).where(Target.plan_id == plan.id)) or 0
    target = Target(id=new_id(), plan_id=plan.id, pupil_id=plan.pupil_id, position=last + 1)
    _write(target, words)
    db.session.add(target)
    return target


def change_target(actor: Actor, plan: Plan, words: TargetWords, *, target_id: UUID) -> None:
    authorise(actor, policy.can_draft)
    plan.check_draft()
    target = queries.load_target(plan.id, target_id)
    set_committed_value(target, "version", words.version)
    _write(target, words)


def remove_target(actor: Actor, plan: Plan, target_id: UUID) -> None:
    """From this draft only: the plans before keep it."""
    authorise(actor, policy.can_draft)
    plan.check_draft()
    db.session.delete(queries.load_target(plan.id, target_id))


def add_line(actor: Actor, plan: Plan, line: Line) -> None:
    authorise(actor, policy.can_draft)
    plan.check_draft()
    provision.add_line(plan.id, plan.pupil_id, line)


def change_line(actor: Actor, plan: Plan, line: Line, *, line_id: UUID) -> None:
    authorise(actor, policy.can_draft)
    plan.check_draft()
    provision.change_line(plan.id, line_id, line)


def remove_line(actor: Actor, plan: Plan, line_id: UUID) -> None:
    authorise(actor, policy.can_draft)
    plan.check_draft()
    provision.remove_line(plan.id, line_id)


def _begin(actor: Actor, plan: Plan, version: int) -> None:
    authorise(actor, policy.can_draft)
    plan.check_draft()
    set_committed_value(plan, "version", version)


def _write(target: Target, words: TargetWords) -> None:
    for name in ("need_code", *queries.TARGET_WORDS, "review_by"):
        setattr(target, name, getattr(words, name))
