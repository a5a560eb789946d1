"""What a family may find. PostgreSQL shows nothing else: one child is bound for each request."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, column, exists, func, select, table
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.family_portal import statuses
from app.family_portal.read import (
    AskLine,
    AskPage,
    Child,
    Help,
    Looked,
    Overview,
    OwnAnswer,
    PlanRef,
)
from app.kernel.errors import NotFound
from app.pupils.models import Guardianship
from app.sharing.models import Consent, ConsentAsk, ConsentWithdrawal, Share
from infrastructure.database.door import db

MOST_READS = 200
# That a safeguarding lead looked is nobody's hint: the family reads that somebody at the school did.
UNSAID_ROLES = {"Safeguarding lead": "School staff"}

_plan = table(
    "plan", *map(column, ("tenant_id", "id", "pupil_id", "number", "status", "next_review_on", "ended_on"))
)
_agreement = table("plan_agreement", *map(column, ("tenant_id", "plan_id", "person_id")))
_request = table(
    "lss_request", *map(column, ("tenant_id", "id", "pupil_id", "ask_id", "status", "decision", "created_at"))
)
_referral = table(
    "referral",
    *map(column, ("tenant_id", "id", "pupil_id", "ask_id", "status", "agency_tenant_id", "created_at")),
)
_tenant = table("tenant", *map(column, ("id", "name", "locality_id")))
_read = table("read_log", *map(column, ("id", "pupil_id", "at", "role", "reader_name", "what")))
link = Guardianship


def list_children(person_id: UUID) -> list[Child]:
    """Across schools, by name. Only active links: whoever is not let in finds nothing, whatever the reason."""
    rows = db.session.execute(
        _children().where(link.person_id == person_id).order_by(link.child_name, link.id)
    )
    return [Child(*row) for row in rows]


def get_child(child_id: UUID) -> Child:
    """Raises NotFound for anybody's child but the reader's own."""
    return Child(*_one(_children().where(link.id == child_id)))


def get_overview(child_id: UUID) -> Overview:
    """The child with plans, questions and help on its way: one statement."""
    row = _one(
        _children().add_columns(_plans(), _asks(), _requests(), _referrals()).where(link.id == child_id)
    )
    plans, asks, requests, referrals = row[5:]
    return Overview(
        Child(*row[:5]),
        tuple(_plan_ref(*parts) for parts in plans or ()),
        tuple(_ask_line(*parts) for parts in asks or ()),
        tuple(Help(*parts) for parts in (*(requests or ()), *(referrals or ()))),
    )


def get_ask(child_id: UUID, ask_id: UUID) -> AskPage:
    """One question about this child. Raises NotFound for a question about any other, a sibling too."""
    ask = ConsentAsk
    row = _one(
        _children()
        .add_columns(
            ask.id, ask.purpose, ask.guest_name, ask.wording, ask.content, ask.asked_at, ask.closed_at,
            _own_answers(), _sent_at(), _was_sent(),
        )
        .join(ask, and_(ask.tenant_id == link.tenant_id, ask.pupil_id == link.pupil_id))
        .where(link.id == child_id, ask.id == ask_id)
    )  # fmt: skip
    answers = tuple(_answer(*parts) for parts in row[-3] or ())
    return AskPage(*(Child(*row[:5]), *row[5:-3], answers, *row[-2:]))


def list_reads(child: Child) -> list[Looked]:
    """Newest first. Safeguarding is never in it: PostgreSQL keeps those rows back."""
    r = _read.c
    rows = db.session.execute(
        select(r.at, r.role, r.reader_name, r.what)
        .where(r.pupil_id == child.pupil_id)
        .order_by(r.at.desc(), r.id.desc())
        .limit(MOST_READS)
    )
    return [
        Looked(at, UNSAID_ROLES.get(role, role), name, statuses.looked_at(what))
        for at, role, name, what in rows
    ]


def _children() -> Any:
    return select(link.id, link.pupil_id, link.child_name, link.school_name, link.parental_responsibility)


def _of_child(rows: Any) -> Any:
    return and_(rows.c.tenant_id == link.tenant_id, rows.c.pupil_id == link.pupil_id)


def _plans() -> Any:
    p, a = _plan.c, _agreement.c
    answered = exists().where(a.tenant_id == p.tenant_id, a.plan_id == p.id, a.person_id == link.person_id)
    parts = func.json_build_array(p.id, p.number, p.status, p.next_review_on, answered, p.ended_on)
    return _list(parts, p.number.desc()).where(_of_child(_plan)).correlate(link).scalar_subquery()


def _asks() -> Any:
    ask, answer = ConsentAsk, Consent
    last = (
        select(_answer_parts())
        .outerjoin(ConsentWithdrawal, _withdrawn())
        .where(answer.tenant_id == ask.tenant_id, answer.ask_id == ask.id)
        .order_by(answer.recorded_at.desc(), answer.id.desc())
        .limit(1)
        .correlate(ask)
        .scalar_subquery()
    )
    parts = func.json_build_array(
        ask.id, ask.purpose, ask.guest_name, ask.asked_at, ask.closed_at.is_not(None), last
    )
    mine = and_(ask.tenant_id == link.tenant_id, ask.pupil_id == link.pupil_id)
    return _list(parts, ask.asked_at.desc(), ask.id).where(mine).correlate(link).scalar_subquery()


def _requests() -> Any:
    """Without a name of its own a request is named after the locality that reads it."""
    r = _request.c
    home, locality = _tenant.alias("home"), _tenant.alias("locality")
    parts = func.json_build_array(
        "lss", func.coalesce(locality.c.name, "your locality"), r.status, r.decision
    )
    return (
        _list(parts, r.created_at.desc(), r.id)
        .select_from(_request)
        .join(home, home.c.id == r.tenant_id)
        .outerjoin(locality, locality.c.id == home.c.locality_id)
        .where(_of_child(_request))
        .correlate(link)
        .scalar_subquery()
    )


def _referrals() -> Any:
    r = _referral.c
    parts = func.json_build_array("referral", _tenant.c.name, r.status, None)
    return (
        _list(parts, r.created_at.desc(), r.id)
        .select_from(_referral)
        .join(_tenant, _tenant.c.id == r.agency_tenant_id)
        .where(_of_child(_referral))
        .correlate(link)
        .scalar_subquery()
    )


def _own_answers() -> Any:
    """Oldest first. The policy of the table leaves only the reader's own."""
    answer = Consent
    return (
        _list(_answer_parts(), answer.recorded_at, answer.id)
        .select_from(answer)
        .outerjoin(ConsentWithdrawal, _withdrawn())
        .where(answer.tenant_id == ConsentAsk.tenant_id, answer.ask_id == ConsentAsk.id)
        .correlate(ConsentAsk)
        .scalar_subquery()
    )


def _sent_at() -> Any:
    """When the guest could first read it, while they still can."""
    live = and_(Share.revoked_at.is_(None), Share.expires_on >= func.ctx.today())
    return (
        select(func.max(Share.created_at))
        .where(Share.tenant_id == ConsentAsk.tenant_id, Share.subject_id == ConsentAsk.subject_id, live)
        .correlate(ConsentAsk)
        .scalar_subquery()
    )


def _was_sent() -> Any:
    """These very words: a later question about the same thing may have been sent with others."""
    same = and_(Share.subject_id == ConsentAsk.subject_id, Share.content == ConsentAsk.content)
    return exists(Share.id).where(Share.tenant_id == ConsentAsk.tenant_id, same).correlate(ConsentAsk)


def _answer_parts() -> Any:
    answer = Consent
    return func.json_build_array(
        answer.id,
        answer.given,
        answer.method,
        answer.given_on,
        answer.expires_on,
        ConsentWithdrawal.withdrawn_at,
    )


def _withdrawn() -> Any:
    return and_(ConsentWithdrawal.tenant_id == Consent.tenant_id, ConsentWithdrawal.consent_id == Consent.id)


def _list(parts: Any, *order: Any) -> Select[Any]:
    return select(func.json_agg(aggregate_order_by(parts, *order)))


def _plan_ref(
    key: str, number: int, status: str, review_on: str | None, answered: bool, ended_on: str | None
) -> PlanRef:
    review, end = (date.fromisoformat(day) if day else None for day in (review_on, ended_on))
    return PlanRef(UUID(key), number, status, review, answered, end)


def _ask_line(key: str, purpose: str, guest: str, asked_at: str, closed: bool, answer: Any) -> AskLine:
    own = _answer(*answer) if answer else None
    return AskLine(UUID(key), purpose, guest, datetime.fromisoformat(asked_at), closed, own)


def _answer(
    key: str, given: bool, method: str, given_on: str, until: str, withdrawn_at: str | None
) -> OwnAnswer:
    return OwnAnswer(
        UUID(key), given, method, date.fromisoformat(given_on), date.fromisoformat(until),
        datetime.fromisoformat(withdrawn_at) if withdrawn_at else None,
    )  # fmt: skip


def _one(statement: Select[Any]) -> Any:
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return row
