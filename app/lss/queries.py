"""Finding LSS requests. `load_…` returns the entity to change; everything else is one statement."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, column, func, select, table
from sqlalchemy.orm import aliased

from app.casework.models import Evidence
from app.casework.story import reviewed_targets
from app.kernel.errors import NotFound
from app.kernel.paging import PER_PAGE, Page
from app.lss.models import LssRequest
from app.lss.read import RequestLine, RequestRead
from app.plans.models import Plan
from app.provision.models import Provision
from app.pupils.models import Pupil
from app.reviews.models import Review
from infrastructure.database.door import db
from tenants.registry import Tenant

_person = table("person", column("id"), column("name"))
_rules = table("locality_rules", column("tenant_id"), column("number"), column("rules"))
_document = table("document", *map(column, ("tenant_id", "id", "title", "filename", "sha256", "created_at")))
_FIELDS = (
    "why_now",
    "tried",
    "strengths",
    "needs",
    "pupil_view",
    "family_view",
    "wanted",
    "outcomes",
    "amount_pence",
)


def load_request(request_id: UUID) -> LssRequest:
    """Raises NotFound, also for another school's."""
    request = db.session.scalar(select(LssRequest).where(LssRequest.id == request_id))
    if request is None:
        raise NotFound
    return request


def find_request_of_share(share_id: UUID) -> LssRequest | None:
    return db.session.scalar(select(LssRequest).where(LssRequest.share_id == share_id))


def find_request_of_ask(ask_id: UUID) -> LssRequest | None:
    return db.session.scalar(select(LssRequest).where(LssRequest.ask_id == ask_id))


def get_request(request_id: UUID) -> RequestRead:
    row = db.session.execute(_requests().where(LssRequest.id == request_id)).first()
    if row is None:
        raise NotFound
    return RequestRead(*row)


def list_requests(number: int = 1, *, pupil_id: UUID | None = None) -> Page[RequestLine]:
    """Newest first; a page that does not exist is the first."""
    of = (LssRequest.pupil_id == pupil_id,) if pupil_id else ()
    r = LssRequest
    columns = (r.id, r.reference, _name(), r.kind, r.status, r.created_at, r.submitted_at, r.decided_at)
    found = db.session.execute(
        select(*columns, func.count().over())
        .join(Pupil, _pupil_of())
        .where(*of)
        .order_by(r.created_at.desc(), r.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    if not found and number > 1:
        return list_requests(1, pupil_id=pupil_id)
    return Page([RequestLine(*row[:-1]) for row in found], number, found[0][-1] if found else 0)


def _requests() -> Any:
    r, school, locality = LssRequest, aliased(Tenant), aliased(Tenant)
    return (
        select(
            r.id, r.reference, r.pupil_id, _name(), Pupil.preferred_forename, _surnames(), r.kind, r.status,
            *(getattr(r, name) for name in _FIELDS), r.terms, r.ask_id, r.share_id, r.created_by, r.editors,
            _name_of(r.created_by), _name_of(r.authorised_by), r.created_at, r.authorised_at, r.submitted_at,
            r.decision, r.decided_at, r.version, school.name, locality.name,
            _cycles(), _cost(), reviewed_targets(r.pupil_id), _documents(), _rules_of(locality),
        )
        .join(Pupil, _pupil_of())
        .join(school, school.id == r.tenant_id)
        .outerjoin(locality, locality.id == school.locality_id)
    )  # fmt: skip


def _pupil_of() -> Any:
    return and_(Pupil.tenant_id == LssRequest.tenant_id, Pupil.id == LssRequest.pupil_id)


def _name() -> Any:
    return func.concat(
        Pupil.preferred_forename, " ", func.coalesce(Pupil.preferred_surname, Pupil.legal_surname)
    )


def _surnames() -> Any:
    return func.json_build_array(Pupil.legal_surname, Pupil.preferred_surname)


def _name_of(person_id: Any) -> Any:
    return select(_person.c.name).where(_person.c.id == person_id).correlate(LssRequest).scalar_subquery()


def _cycles() -> Any:
    return select(func.count(Review.id)).where(Review.pupil_id == LssRequest.pupil_id).scalar_subquery()


def _cost() -> Any:
    return (
        select(func.coalesce(func.sum(Provision.cost_pence), 0))
        .join(Plan, and_(Plan.tenant_id == Provision.tenant_id, Plan.id == Provision.plan_id))
        .where(Plan.pupil_id == LssRequest.pupil_id, Plan.status == "agreed")
        .scalar_subquery()
    )


def _documents() -> Any:
    d = _document.c
    facts = func.json_build_object(
        "title", d.title, "filename", d.filename, "sha256", func.encode(d.sha256, "hex")
    )
    return (
        select(
            func.coalesce(
                func.json_agg(facts).aggregate_order_by(d.created_at, d.id), func.json_build_array()
            )
        )
        .select_from(_document)
        .join(Evidence, and_(Evidence.tenant_id == d.tenant_id, Evidence.document_id == d.id))
        .where(Evidence.lss_request_id == LssRequest.id)
        .correlate(LssRequest)
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
