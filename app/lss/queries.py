"""Finding LSS requests. `load_…` returns the entity to change; everything else is one statement."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, column, func, select, table
from sqlalchemy.orm import aliased

from app.casework import queries as casework
from app.casework.read import CaseLine, tag_of
from app.casework.story import reviewed_targets
from app.kernel.errors import NotFound
from app.kernel.paging import Page
from app.lss.models import LssRequest
from app.lss.read import KINDS, STATUSES, RequestRead
from app.plans.models import Plan
from app.provision.models import Provision
from app.pupils.models import Pupil
from app.reviews.models import Review
from infrastructure.database.door import db
from tenants.registry import Tenant

_rules = table("locality_rules", column("tenant_id"), column("number"), column("rules"))


def load_request(request_id: UUID) -> LssRequest:
    """Raises NotFound, also for another school's."""
    return casework.load(LssRequest, request_id)


def find_request_of_share(share_id: UUID) -> LssRequest | None:
    return casework.find(LssRequest, share_id=share_id)


def find_request_of_ask(ask_id: UUID) -> LssRequest | None:
    return casework.find(LssRequest, ask_id=ask_id)


def get_request(request_id: UUID) -> RequestRead:
    row = db.session.execute(_requests().where(LssRequest.id == request_id)).first()
    if row is None:
        raise NotFound
    return RequestRead(*row)


def list_requests(number: int = 1) -> Page[CaseLine]:
    return casework.list_cases(LssRequest, LssRequest.kind, LssRequest.submitted_at, number, _line)


def _line(key: UUID, reference: str, pupil_name: str, kind: Any, status: Any, sent_at: Any) -> CaseLine:
    return CaseLine(key, reference, pupil_name, KINDS[kind], tag_of(STATUSES, status), sent_at)


def _requests() -> Any:
    r, locality = LssRequest, aliased(Tenant)
    return (
        select(
            *casework.columns_of(r, func.coalesce(locality.name, "Your locality")), r.kind, r.pupil_view, r.family_view, r.outcomes, r.amount_pence, r.terms,
            r.editors, casework.name_of(r.authorised_by, r), r.authorised_at, r.submitted_at, r.decision,
            r.decided_at, _cycles(), _cost(), reviewed_targets(r.pupil_id), _rules_of(locality),
        )
        .join(Pupil, casework.pupil_of(r))
        .join(Tenant, casework.school_of(r))
        .outerjoin(locality, locality.id == Tenant.locality_id)
    )  # fmt: skip


def _cycles() -> Any:
    return select(func.count(Review.id)).where(Review.pupil_id == LssRequest.pupil_id).scalar_subquery()


def _cost() -> Any:
    return (
        select(func.coalesce(func.sum(Provision.cost_pence), 0))
        .join(Plan, and_(Plan.tenant_id == Provision.tenant_id, Plan.id == Provision.plan_id))
        .where(Plan.pupil_id == LssRequest.pupil_id, Plan.status == "agreed")
        .scalar_subquery()
    )


def _rules_of(locality: Any) -> Any:
    return (
        select(_rules.c.rules)
        .where(_rules.c.tenant_id == locality.id)
        .order_by(_rules.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
