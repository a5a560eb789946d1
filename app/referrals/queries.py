"""Finding referrals and their links. `load_…` returns an entity to change; everything else is one statement."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import and_, column, func, select, table
from sqlalchemy.orm import aliased

from app.casework import queries as casework
from app.casework.read import CaseLine, tag_of
from app.kernel.errors import NotFound
from app.kernel.paging import Page
from app.pupils.models import Pupil
from app.referrals.models import Link, Referral
from app.referrals.read import STATUSES, LinkEventRead, LinkRead, ReferralRead, ReportRead
from infrastructure.database.door import db
from tenants.registry import Tenant

_document = table(
    "document",
    *map(
        column, ("tenant_id", "id", "title", "share_id", "status", "shown_to_family", "checked_at", "version")
    ),
)
_reply = table(
    "reply",
    *map(
        column,
        ("id", "share_id", "home_tenant_id", "kind", "content", "author_name", "author_role", "issued_at"),
    ),
)
_share = table("share", *map(column, ("id", "tenant_id", "subject_id")))
_event = table(
    "link_event", *map(column, ("tenant_id", "link_id", "kind", "author_name", "author_role", "at"))
)


def load_referral(referral_id: UUID) -> Referral:
    """Raises NotFound, also for another school's."""
    return casework.load(Referral, referral_id)


def find_referral_of_share(share_id: UUID) -> Referral | None:
    return casework.find(Referral, share_id=share_id)


def find_referral_of_ask(ask_id: UUID) -> Referral | None:
    return casework.find(Referral, ask_id=ask_id)


def find_open_link(share_id: UUID) -> Link | None:
    """There is never more than one."""
    return db.session.scalar(select(Link).where(Link.share_id == share_id, Link.closed_at.is_(None)))


def list_links_past(day: date) -> list[tuple[Link, Referral]]:
    """Links that are still open although their last day was before this one, with what they lead to."""
    rows = db.session.execute(
        select(Link, Referral)
        .join(Referral, and_(Referral.tenant_id == Link.tenant_id, Referral.share_id == Link.share_id))
        .where(Link.closed_at.is_(None), Link.expires_on < day)
        .order_by(Link.expires_on, Link.id)
    )
    return [(link, referral) for link, referral in rows]


def get_referral(referral_id: UUID) -> ReferralRead:
    row = db.session.execute(_referrals().where(Referral.id == referral_id)).first()
    if row is None:
        raise NotFound
    *plain, replies, reports, link = row
    said = tuple(facts | {"at": datetime.fromisoformat(facts["at"])} for facts in replies or ())
    made = (said, tuple(map(_report, reports or ())), _link(link) if link else None)
    return ReferralRead(*(*plain, *made))


def list_referrals(number: int = 1) -> Page[CaseLine]:
    r, agency = Referral, (Tenant, Tenant.id == Referral.agency_tenant_id)
    return casework.list_cases(r, Tenant.name, r.sent_at, number, _line, agency)


def _line(key: UUID, reference: str, pupil_name: str, agency: str, status: Any, sent_at: Any) -> CaseLine:
    return CaseLine(key, reference, pupil_name, agency, tag_of(STATUSES, status), sent_at)


def _referrals() -> Any:
    r, agency = Referral, aliased(Tenant)
    return (
        select(
            *casework.columns_of(r, agency.name), r.agency_tenant_id, r.sent_at, _replies(), _reports(), _newest_link()
        )
        .join(Pupil, casework.pupil_of(r))
        .join(Tenant, casework.school_of(r))
        .join(agency, agency.id == r.agency_tenant_id)
    )  # fmt: skip


def _replies() -> Any:
    """What the agency said about any share of this referral, oldest first."""
    y, share = _reply.c, _share
    facts = func.json_build_object(
        "id",
        y.id,
        "kind",
        y.kind,
        "content",
        y.content,
        "name",
        y.author_name,
        "role",
        y.author_role,
        "at",
        y.issued_at,
    )
    return (
        select(func.json_agg(facts).aggregate_order_by(y.issued_at, y.id))
        .select_from(_reply)
        .join(share, and_(share.c.tenant_id == y.home_tenant_id, share.c.id == y.share_id))
        .where(share.c.tenant_id == Referral.tenant_id, share.c.subject_id == Referral.id)
        .correlate(Referral)
        .scalar_subquery()
    )


def _reports() -> Any:
    d = _document.c
    facts = func.json_build_object(
        "id", d.id, "title", d.title, "at", d.checked_at, "shown", d.shown_to_family, "version", d.version
    )
    shares = select(_share.c.id).where(
        _share.c.tenant_id == Referral.tenant_id, _share.c.subject_id == Referral.id
    )
    mine = and_(
        d.tenant_id == Referral.tenant_id, d.share_id.in_(shares.correlate(Referral)), d.status == "clean"
    )
    return (
        select(func.json_agg(facts)).select_from(_document).where(mine).correlate(Referral).scalar_subquery()
    )


def _newest_link() -> Any:
    e = _event.c
    event = func.json_build_array(e.kind, e.author_name, e.author_role, e.at)
    events = (
        select(func.json_agg(event).aggregate_order_by(e.at))
        .select_from(_event)
        .where(e.tenant_id == Link.tenant_id, e.link_id == Link.id)
        .correlate(Link)
        .scalar_subquery()
    )
    facts = func.json_build_array(
        Link.id, Link.created_at, Link.expires_on, Link.closed_at, Link.closed_because, events
    )
    return (
        select(facts)
        .where(Link.tenant_id == Referral.tenant_id, Link.share_id == Referral.share_id)
        .order_by(Link.created_at.desc(), Link.id.desc())
        .limit(1)
        .correlate(Referral)
        .scalar_subquery()
    )


def _link(facts: Sequence[Any]) -> LinkRead:
    key, made, until, closed, because, events = facts
    return LinkRead(
        UUID(key),
        datetime.fromisoformat(made),
        date.fromisoformat(until),
        datetime.fromisoformat(closed) if closed else None,
        because,
        _events(events or ()),
    )


def _events(found: Sequence[Sequence[str]]) -> tuple[LinkEventRead, ...]:
    """Newest first; the same thing many times in a row (a mail scanner) is one line with a count."""
    lines = []
    for (kind, name, role), group in groupby(found, key=lambda event: tuple(event[:3])):
        times = list(group)
        who = ", ".join(filter(None, (name, role)))
        lines.append(LinkEventRead(kind, who, datetime.fromisoformat(times[-1][3]), len(times)))
    return tuple(reversed(lines))


def _report(facts: dict[str, Any]) -> ReportRead:
    arrived = datetime.fromisoformat(facts["at"])
    return ReportRead(UUID(facts["id"]), facts["title"], arrived, facts["shown"], facts["version"])
