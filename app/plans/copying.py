"""What goes from one version of a plan into the next, so that nobody types it twice."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from app.kernel.ids import new_id
from app.plans import queries
from app.plans.models import Plan, PlanNeed, Target
from app.provision.models import Provision
from infrastructure.database.door import Base, db

NEEDS, TARGETS, PROVISION = "needs", "targets", "provision"
MODELS: dict[str, type[Any]] = {NEEDS: PlanNeed, TARGETS: Target, PROVISION: Provision}
# What belongs to one version alone. The rest of a row goes with it.
_OWN = frozenset({"tenant_id", "id", "plan_id", "version"})

Part = TypeVar("Part", bound=Base)


def newest_plan(pupil_id: UUID) -> Plan | None:
    return db.session.scalar(
        select(Plan).where(Plan.pupil_id == pupil_id).order_by(Plan.number.desc()).limit(1)
    )


def copy_parts(before: Plan, plan: Plan, kinds: Collection[str]) -> None:
    for kind, model in MODELS.items():
        if kind in kinds:
            db.session.add_all(_copy(part, plan) for part in _parts(model, before))


def copy_targets(before: Plan, plan: Plan, keep: Mapping[UUID, str]) -> None:
    """Only the targets to keep; where the child is now becomes the baseline, when somebody wrote it down."""
    for target in _parts(Target, before):
        if target.id in keep:
            copied = _copy(target, plan)
            copied.baseline = keep[target.id] or target.baseline
            db.session.add(copied)


def start_with_known_needs(plan: Plan) -> None:
    """The first plan begins with what the roll already says about the pupil's needs."""
    for rank, code in enumerate(queries.known_needs(plan.pupil_id), 1):
        db.session.add(PlanNeed(id=new_id(), plan_id=plan.id, pupil_id=plan.pupil_id, rank=rank, code=code))


def _parts(model: type[Part], plan: Plan) -> list[Part]:
    return list(db.session.scalars(select(model).where(model.plan_id == plan.id).order_by(model.id)))  # type: ignore[attr-defined]


def _copy(part: Part, plan: Plan) -> Part:
    names = (column.key for column in part.__mapper__.column_attrs if column.key not in _OWN)
    return type(part)(id=new_id(), plan_id=plan.id, **{name: getattr(part, name) for name in names})
