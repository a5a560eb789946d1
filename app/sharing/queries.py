"""Finding asks, answers, shares and replies. `load_…` returns an entity; everything else is frozen."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, column, func, select, table
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.kernel import clock
from app.kernel.errors import NotFound
from app.plans.columns import pupil_column, read_pupil
from app.pupils.models import Access, Contact, Guardianship, Pupil
from app.sharing.models import Consent, ConsentAsk, ConsentWithdrawal, Method, Share, ShareDocument
from app.sharing.read import AnswerRead, AskRead, Overview, ReplyRead, ShareRead
from app.sharing.standing import Standing
from infrastructure.database.door import db

T = TypeVar("T")

_tenant = table("tenant", column("id"), column("name"))
_person = table("person", column("id"), column("name"))
_reply = table(
    "reply",
    *map(
        column,
        ("id", "share_id", "home_tenant_id", "kind", "content", "author_name", "author_role", "issued_at"),
    ),
)


def load_ask(ask_id: UUID) -> ConsentAsk:
    """Raises NotFound, also for another school's and, in the portal, for another family's."""
    return _found(db.session.scalar(select(ConsentAsk).where(ConsentAsk.id == ask_id)))


def load_consent(consent_id: UUID, *, ask_id: UUID | None = None) -> Consent:
    """With `ask_id`: only an answer to that ask."""
    statement = select(Consent).where(Consent.id == consent_id)
    return _found(db.session.scalar(statement.where(Consent.ask_id == ask_id) if ask_id else statement))


def load_share(share_id: UUID) -> Share:
    return _found(db.session.scalar(select(Share).where(Share.id == share_id)))


def get_ask(ask_id: UUID) -> AskRead:
    return _one(_asks().where(ConsentAsk.id == ask_id))


def list_asks(pupil_id: UUID) -> list[AskRead]:
    """Newest first."""
    rows = db.session.execute(
        _asks()
        .where(ConsentAsk.pupil_id == pupil_id)
        .order_by(ConsentAsk.asked_at.desc(), ConsentAsk.id.desc())
    )
    return [_ask(row) for row in rows]


def standing(ask_id: UUID) -> Standing:
    """Whether the school may share now. For staff: a parent's own view knows only their own answers."""
    return get_ask(ask_id).standing


def get_overview(pupil_id: UUID) -> Overview:
    """Who has what of a pupil, and what was asked. Two statements, however much there is."""
    rows = db.session.execute(_shares().where(Pupil.id == pupil_id)).all()
    if not rows:
        raise NotFound
    shares = tuple(_share(row) for row in rows if row.id is not None)
    return Overview(read_pupil(rows[0].pupil), shares, tuple(list_asks(pupil_id)))


def list_shares(pupil_id: UUID) -> list[ShareRead]:
    """Newest first, the ended ones too."""
    rows = db.session.execute(_shares().where(Pupil.id == pupil_id))
    return [_share(row) for row in rows if row.id is not None]


def get_share(share_id: UUID) -> ShareRead:
    row = db.session.execute(_shares().where(Share.id == share_id)).first()
    if row is None:
        raise NotFound
    return _share(row)


def list_replies(share_id: UUID) -> list[ReplyRead]:
    """What the guest has issued to the school, oldest first. Stays readable after the share has ended."""
    r = _reply.c
    rows = db.session.execute(
        select(r.id, r.kind, r.content, r.author_name, r.author_role, r.issued_at)
        .where(r.share_id == share_id)
        .order_by(r.issued_at, r.id)
    )
    return [ReplyRead(*row) for row in rows]


def list_expiring(on: Sequence[date]) -> list[tuple[UUID, date]]:
    """Open asks with a yes that ends on one of these days, was not taken back and has no longer one beside it."""
    last = func.max(Consent.expires_on)
    rows = db.session.execute(
        select(Consent.ask_id, last)
        .join(ConsentAsk, and_(ConsentAsk.tenant_id == Consent.tenant_id, ConsentAsk.id == Consent.ask_id))
        .outerjoin(ConsentWithdrawal, _withdrawn())
        .where(Consent.given, ConsentWithdrawal.id.is_(None), ConsentAsk.closed_at.is_(None))
        .group_by(Consent.ask_id)
        .having(last.in_(on))
        .order_by(Consent.ask_id)
    )
    return [(ask_id, day) for ask_id, day in rows]


def has_live_yes(ask_id: UUID, contact_id: UUID | None) -> bool:
    """Whether this adult has already said yes to this ask, and that still holds."""
    return (
        db.session.scalar(
            select(Consent.id)
            .outerjoin(ConsentWithdrawal, _withdrawn())
            .where(Consent.ask_id == ask_id, Consent.contact_id == contact_id, Consent.given)
            .where(Consent.expires_on >= clock.today(), ConsentWithdrawal.id.is_(None))
            .limit(1)
        )
        is not None
    )


def is_withdrawn(consent_id: UUID) -> bool:
    return (
        db.session.scalar(select(ConsentWithdrawal.id).where(ConsentWithdrawal.consent_id == consent_id))
        is not None
    )


def find_contact(contact_id: UUID, pupil_id: UUID) -> Contact | None:
    """An adult with parental responsibility for this child, now."""
    return db.session.scalar(select(Contact).where(Contact.id == contact_id, *_responsible(pupil_id)))


def find_link_behind(consent_id: UUID) -> Guardianship | None:
    """Of the adult in whose name staff wrote down this answer, or that it was taken back; only while it is active."""
    last_said = func.coalesce(ConsentWithdrawal.method, Consent.method)
    return db.session.scalar(
        select(Guardianship)
        .join(
            Consent,
            and_(Consent.tenant_id == Guardianship.tenant_id, Consent.contact_id == Guardianship.contact_id),
        )
        .outerjoin(ConsentWithdrawal, _withdrawn())
        .where(Consent.id == consent_id, last_said != Method.PORTAL, Guardianship.status == Access.ACTIVE)
    )


def find_guardianship(link_id: UUID | None) -> Guardianship | None:
    """A parent's own link to a child; PostgreSQL shows it only while it is active."""
    return db.session.scalar(select(Guardianship).where(Guardianship.id == link_id))


def _responsible(pupil_id: Any) -> tuple[Any, ...]:
    still = Contact.ended_on.is_(None) | (Contact.ended_on > clock.today())
    return (Contact.pupil_id == pupil_id, Contact.parental_responsibility, still)


def _withdrawn() -> ColumnElement[bool]:
    return and_(ConsentWithdrawal.tenant_id == Consent.tenant_id, ConsentWithdrawal.consent_id == Consent.id)


def _asks() -> Select[Any]:
    ask = ConsentAsk
    return select(
        ask.id, ask.pupil_id, pupil_column(), ask.purpose, ask.subject_id, ask.guest_name,
        ask.content, ask.wording, ask.asked_at, ask.closed_at, _earlier(), _answers(), _adults(),
    ).join(Pupil, and_(Pupil.tenant_id == ask.tenant_id, Pupil.id == ask.pupil_id))  # fmt: skip


def _answers() -> Any:
    return _heard().where(Consent.ask_id == ConsentAsk.id).correlate(ConsentAsk).scalar_subquery()


def _earlier() -> Any:
    """Answers to asks before this one about the same child, purpose and guest: a no among them may still stand."""
    before = aliased(ConsentAsk)
    same = and_(
        before.tenant_id == ConsentAsk.tenant_id,
        before.pupil_id == ConsentAsk.pupil_id,
        before.purpose == ConsentAsk.purpose,
        before.guest_tenant_id == ConsentAsk.guest_tenant_id,
        before.id != ConsentAsk.id,
    )
    of_same = and_(before.tenant_id == Consent.tenant_id, before.id == Consent.ask_id)
    return _heard().join(before, of_same).where(same).correlate(ConsentAsk).scalar_subquery()


def _heard() -> Select[Any]:
    answer = Consent
    parts = func.json_build_array(
        answer.id, answer.contact_id, answer.given, answer.method, answer.said_by, answer.comment,
        answer.given_on, answer.expires_on, _person.c.name, ConsentWithdrawal.withdrawn_at,
    )  # fmt: skip
    return (
        select(func.json_agg(aggregate_order_by(parts, answer.recorded_at, answer.id)))
        .select_from(answer)
        .outerjoin(_person, _person.c.id == answer.recorded_by)
        .outerjoin(ConsentWithdrawal, _withdrawn())
        .where(answer.tenant_id == ConsentAsk.tenant_id)
    )


def _adults() -> Any:
    parts = func.json_build_array(Contact.id, Contact.name)
    return (
        select(func.json_agg(aggregate_order_by(parts, Contact.priority, Contact.id)))
        .where(Contact.tenant_id == ConsentAsk.tenant_id, *_responsible(ConsentAsk.pupil_id))
        .correlate(ConsentAsk)
        .scalar_subquery()
    )


def _shares() -> Select[Any]:
    """From the pupil, so that a pupil of whom nothing is shared has a name too."""
    titles = (
        select(func.coalesce(func.json_agg(ShareDocument.title), func.json_build_array()))
        .where(ShareDocument.tenant_id == Share.tenant_id, ShareDocument.share_id == Share.id)
        .correlate(Share)
        .scalar_subquery()
    )
    return (
        select(
            Share.id, Pupil.id.label("pupil_id"), pupil_column().label("pupil"),
            _tenant.c.name, Share.kind, Share.subject_id, Share.created_at, Share.expires_on,
            Share.revoked_at, Share.revoked_because, Consent.ask_id, titles,
        )
        .select_from(Pupil)
        .outerjoin(Share, and_(Share.tenant_id == Pupil.tenant_id, Share.pupil_id == Pupil.id))
        .outerjoin(_tenant, _tenant.c.id == Share.guest_tenant_id)
        .outerjoin(Consent, and_(Consent.tenant_id == Share.tenant_id, Consent.id == Share.consent_id))
        .order_by(Share.created_at.desc(), Share.id.desc())
    )  # fmt: skip


def _share(row: Any) -> ShareRead:
    facts: list[Any] = list(row)
    facts[2], facts[-1] = read_pupil(row.pupil), tuple(row[-1])
    return ShareRead(*facts)


def _ask(row: Any) -> AskRead:
    earlier, answers = (tuple(_answer(*parts) for parts in heard or ()) for heard in row[-3:-1])
    adults = tuple((UUID(key), name) for key, name in row[-1] or ())
    facts: list[Any] = list(row)
    facts[2], facts[-3:] = read_pupil(row[2]), [earlier, answers, adults]
    return AskRead(*facts)


def _answer(key: str, contact: str | None, *parts: Any) -> AnswerRead:
    given, method, said_by, comment, given_on, expires_on, recorded_by, withdrawn_at = parts
    return AnswerRead(
        UUID(key), UUID(contact) if contact else None, given, method, said_by, comment,
        date.fromisoformat(given_on), date.fromisoformat(expires_on), recorded_by,
        datetime.fromisoformat(withdrawn_at) if withdrawn_at else None,
    )  # fmt: skip


def _one(statement: Select[Any]) -> AskRead:
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return _ask(row)


def _found(entity: T | None) -> T:
    if entity is None:
        raise NotFound
    return entity
