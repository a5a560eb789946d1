"""Finding plans. `load_…` returns an entity to change; everything else is one statement and a frozen read model."""

from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, column, func, null, select, table
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.clock import today
from app.kernel.errors import NotFound
from app.plans.columns import json_object, pupil_column, read_pupil
from app.plans.models import Plan, PlanAgreement, PlanNeed, Target
from app.plans.read import AgreementRead, NeedRead, PlanLine, PlanView, ProvisionRead, TargetRead
from app.provision.models import Provision
from app.pupils.models import Pupil, PupilNeed
from app.settings import codes
from infrastructure.database.door import db

_person = table("person", column("id"), column("name"))
_review = table(
    "review", column("id"), column("tenant_id"), column("plan_id"), column("pupil_id"), column("held_on")
)

TARGET_WORDS = (
    "title",
    "baseline",
    "success_criterion",
    "school_will",
    "home_will",
    "pupil_will",
    "who",
    "how_often",
)
_LINE = ("id", "position", "name", "who", "minutes_per_session", "sessions_per_week", "weeks", "group_size")
_PRICES = ("hourly_rate_pence", "one_off_pence", "cost_pence")


def load_plan(plan_id: UUID) -> Plan:
    """Raises NotFound, also for a plan of another school, of another teacher's class or of somebody else's child."""
    plan = find_plan(plan_id)
    if plan is None:
        raise NotFound
    return plan


def find_plan(plan_id: UUID) -> Plan | None:
    """For errands, which may come after the plan has gone."""
    return db.session.scalar(select(Plan).where(Plan.id == plan_id))


def load_target(plan_id: UUID, target_id: UUID) -> Target:
    target = db.session.scalar(select(Target).where(Target.plan_id == plan_id, Target.id == target_id))
    if target is None:
        raise NotFound
    return target


def get_plan(plan_id: UUID) -> PlanView:
    """The plan as anybody who may read it may see it: the first name alone, no prices. Raises NotFound."""
    return _one(_plan_by_id(staff=False, prices=False), plan_id)


def get_staff_plan(plan_id: UUID, *, prices: bool) -> PlanView:
    """The same for the school, with the pupil; with prices for those who may see what help costs."""
    return _one(_plan_by_id(staff=True, prices=prices), plan_id)


def current_plan(pupil_id: UUID) -> PlanView | None:
    """The agreed plan of a pupil, if there is one."""
    row = db.session.execute(_current_plan(), {"id": pupil_id}).first()
    return _made(row) if row else None


def list_plans(pupil_id: UUID) -> list[PlanLine]:
    """Every version, newest first."""
    columns = (
        Plan.id,
        Plan.number,
        Plan.status,
        Plan.starts_on,
        Plan.next_review_on,
        Plan.shared_at,
        Plan.agreed_at,
        Plan.taken_back_at,
        Plan.ended_on,
    )
    rows = db.session.execute(
        select(*columns, _review_of_plan()).where(Plan.pupil_id == pupil_id).order_by(Plan.number.desc())
    )
    return [PlanLine(row[0], row[1], row[2].value, *row[3:]) for row in rows]


def open_plan_id(pupil_id: UUID) -> UUID | None:
    """The draft or shared plan; there is at most one."""
    return db.session.scalar(
        select(Plan.id).where(Plan.pupil_id == pupil_id, Plan.status.in_(("draft", "shared")))
    )


def reviewed_cycles(pupil_id: UUID) -> int:
    """How many plans of the pupil have been through assess, plan, do and review."""
    return (
        db.session.scalar(select(func.count()).select_from(_review).where(_review.c.pupil_id == pupil_id))
        or 0
    )


def provision_cost_pence(pupil_id: UUID) -> int:
    """What the help in the agreed plan costs in a year; 0 when there is none."""
    return (
        db.session.scalar(
            select(func.coalesce(func.sum(Provision.cost_pence), 0))
            .join(Plan, (Plan.tenant_id == Provision.tenant_id) & (Plan.id == Provision.plan_id))
            .where(Plan.pupil_id == pupil_id, Plan.status == "agreed")
        )
        or 0
    )


def known_needs(pupil_id: UUID) -> list[str]:
    """Codes that the roll already has for the pupil, the main one first."""
    found = select(PupilNeed.code).where(PupilNeed.pupil_id == pupil_id).order_by(PupilNeed.rank)
    return list(db.session.scalars(found))


def need_name(code: str) -> str:
    """What the code stands for today; an old one stands for itself."""
    found = codes.find_need_code(code, today())
    return found.name if found else code


@cache
def _plan_by_id(*, staff: bool, prices: bool) -> Select[*tuple[Any, ...]]:
    return _plans(staff=staff, prices=prices).where(Plan.id == bindparam("id"))


@cache
def _current_plan() -> Select[*tuple[Any, ...]]:
    return _plans(staff=False, prices=False).where(Plan.pupil_id == bindparam("id"), Plan.status == "agreed")


def _plans(*, staff: bool, prices: bool) -> Select[*tuple[Any, ...]]:
    # A family may select neither surnames nor prices: these columns are only named for those who may.
    line = (*_LINE, *(("version",) if staff else ()), *(_PRICES if prices else ()))
    statement: Select[*tuple[Any, ...]] = select(
        Plan.id, Plan.pupil_id, pupil_column() if staff else null(), Pupil.preferred_forename, Plan.number,
        Plan.status, Plan.strengths, Plan.difficulties, Plan.outcomes, Plan.starts_on, Plan.next_review_on,
        Plan.shared_at, Plan.agreed_at, Plan.taken_back_at, Plan.ended_on, Plan.ended_because, _ended_by(),
        Plan.previous_id, Plan.version, _review_of_plan(), _review_of_plan(_review.c.held_on),
        _parts(PlanNeed, ("rank", "code", "description"), PlanNeed.rank),
        _parts(Target, ("id", "position", "need_code", *TARGET_WORDS, "review_by", "version"), Target.position),
        _parts(Provision, line, Provision.position),
        _agreements(),
    ).join(Pupil, (Pupil.tenant_id == Plan.tenant_id) & (Pupil.id == Plan.pupil_id))  # fmt: skip
    return statement


def _review_of_plan(fact: Any = _review.c.id) -> Any:
    mine = (_review.c.tenant_id == Plan.tenant_id) & (_review.c.plan_id == Plan.id)
    return select(fact).where(mine).correlate(Plan).scalar_subquery()


def _ended_by() -> Any:
    return select(_person.c.name).where(_person.c.id == Plan.ended_by).correlate(Plan).scalar_subquery()


def _parts(model: Any, names: tuple[str, ...], order: InstrumentedAttribute[Any]) -> Any:
    listed = func.json_agg(json_object({name: getattr(model, name) for name in names})).aggregate_order_by(
        order, model.id
    )
    mine = (model.tenant_id == Plan.tenant_id) & (model.plan_id == Plan.id)
    return select(listed).where(mine).correlate(Plan).scalar_subquery()


def _agreements() -> Any:
    given = PlanAgreement
    names = ("id", "agreed", "method", "said_by", "comment", "happened_on", "recorded_at", "plan_version")
    facts = {name: getattr(given, name) for name in names} | {"recorded_by": _person.c.name}
    listed = func.json_agg(json_object(facts)).aggregate_order_by(given.recorded_at, given.id)
    mine = (given.tenant_id == Plan.tenant_id) & (given.plan_id == Plan.id)
    return (
        select(listed)
        .select_from(given)
        .outerjoin(_person, _person.c.id == given.recorded_by)
        .where(mine)
        .correlate(Plan)
        .scalar_subquery()
    )


def _one(statement: Select[*tuple[Any, ...]], plan_id: UUID) -> PlanView:
    row = db.session.execute(statement, {"id": plan_id}).first()
    if row is None:
        raise NotFound
    return _made(row)


def _made(row: Row[*tuple[Any, ...]]) -> PlanView:
    facts: list[Any] = list(row)
    facts[2], facts[5] = facts[2] and read_pupil(facts[2]), facts[5].value
    needs, targets, provision, agreements = facts[-4:]
    facts[-4:] = [
        tuple(NeedRead(name=need_name(need["code"]), **need) for need in needs or ()),
        tuple(map(_target, targets or ())),
        tuple(ProvisionRead(**(line | {"id": UUID(line["id"])})) for line in provision or ()),
        tuple(map(_agreement, agreements or ())),
    ]
    return PlanView(*facts)


def _target(facts: dict[str, Any]) -> TargetRead:
    review_by = date.fromisoformat(facts["review_by"]) if facts["review_by"] else None
    own = {"id": UUID(facts["id"]), "need_name": need_name(facts["need_code"]), "review_by": review_by}
    return TargetRead(**(facts | own))


def _agreement(facts: dict[str, Any]) -> AgreementRead:
    own = {
        "id": UUID(facts["id"]),
        "happened_on": date.fromisoformat(facts["happened_on"]),
        "recorded_at": datetime.fromisoformat(facts["recorded_at"]),
    }
    return AgreementRead(**(facts | own))
