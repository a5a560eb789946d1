"""Finding requests and referrals: what the statements of both rooms are made of."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import and_, column, func, select, table

from app.casework.models import Evidence
from app.casework.read import CaseLine
from app.kernel.errors import NotFound
from app.kernel.paging import PER_PAGE, Page
from app.pupils.models import Pupil
from app.sharing.models import Share
from infrastructure.database.door import db
from tenants.registry import Tenant

T = TypeVar("T")

_person = table("person", column("id"), column("name"))
_document = table("document", *map(column, ("tenant_id", "id", "title", "filename", "sha256", "created_at")))


def load(model: type[T], case_id: UUID) -> T:
    """Raises NotFound, also for another school's."""
    case = find(model, id=case_id)
    if case is None:
        raise NotFound
    return case


def find(model: type[T], **columns: UUID) -> T | None:
    """By ask_id or share_id."""
    return db.session.scalar(select(model).filter_by(**columns))


def has_stopped(share_id: UUID | None) -> bool:
    """Whether somebody has ended the share."""
    return db.session.scalar(select(Share.revoked_at).where(Share.id == share_id)) is not None


def list_cases(
    model: Any, about: Any, sent_at: Any, number: int, read: Callable[..., CaseLine], *joins: Any
) -> Page[CaseLine]:
    """Newest first; a page that does not exist is the first. `about` says what each is about."""
    m = model
    lines = select(
        m.id, m.reference, full_name(), about, m.status, sent_at, func.count().over()
    ).join(Pupil, pupil_of(m))  # fmt: skip
    for join in joins:
        lines = lines.join(*join)
    page = lines.order_by(m.created_at.desc(), m.id.desc()).limit(PER_PAGE)
    found = db.session.execute(page.offset((number - 1) * PER_PAGE)).all()
    if not found and number > 1:
        return list_cases(model, about, sent_at, 1, read, *joins)
    return Page([read(*row[:-1]) for row in found], number, found[0][-1] if found else 0)


def columns_of(model: Any, guest_name: Any) -> tuple[Any, ...]:
    """The columns of a CaseRead, in its order; the statement joins Pupil and the school as `Tenant`."""
    m = model
    return (
        m.id, m.reference, m.pupil_id, full_name(), Pupil.preferred_forename,
        func.json_build_array(Pupil.legal_surname, Pupil.preferred_surname), Tenant.name, guest_name, m.status,
        m.why_now, m.tried, m.wanted, m.strengths, m.needs, m.ask_id, m.share_id, m.created_by,
        name_of(m.created_by, m), m.version, _documents(m), _share(m),
    )  # fmt: skip


def school_of(model: Any) -> Any:
    return Tenant.id == model.tenant_id


def pupil_of(model: Any) -> Any:
    return and_(Pupil.tenant_id == model.tenant_id, Pupil.id == model.pupil_id)


def full_name() -> Any:
    return func.concat(
        Pupil.preferred_forename, " ", func.coalesce(Pupil.preferred_surname, Pupil.legal_surname)
    )


def name_of(person_id: Any, model: Any) -> Any:
    return select(_person.c.name).where(_person.c.id == person_id).correlate(model).scalar_subquery()


def _documents(model: Any) -> Any:
    d = _document.c
    facts = func.json_build_object(
        "title", d.title, "filename", d.filename, "sha256", func.encode(d.sha256, "hex")
    )
    listed = func.json_agg(facts).aggregate_order_by(d.created_at, d.id)
    return (
        select(func.coalesce(listed, func.json_build_array()))
        .select_from(_document)
        .join(Evidence, and_(Evidence.tenant_id == d.tenant_id, Evidence.document_id == d.id))
        .where(model.id.in_((Evidence.lss_request_id, Evidence.referral_id)))
        .correlate(model)
        .scalar_subquery()
    )


def _share(model: Any) -> Any:
    facts = func.json_build_array(Share.revoked_at, Share.revoked_because, Share.expires_on)
    mine = (Share.tenant_id == model.tenant_id, Share.id == model.share_id)
    return select(facts).where(*mine).correlate(model).scalar_subquery()
