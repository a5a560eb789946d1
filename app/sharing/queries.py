"""Finding asks, answers, shares and replies. `load_…` returns an entity; everything else is frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, column, func, select, table

from app.kernel import clock
from app.kernel.errors import NotFound
from app.pupils.models import Contact, Guardianship, Pupil
from app.sharing.models import Consent, ConsentAsk, ConsentWithdrawal, Share, ShareDocument
from app.sharing.reading import Line, lines_of
from app.sharing.standing import Answered, Standing, stand
from infrastructure.database.door import db

_tenant = table("tenant", column("id"), column("name"))
_person = table("person", column("id"), column("name"))
_reply = table(
    "reply", *map(column, ("id", "share_id", "home_tenant_id", "kind", "content", "author_name", "author_role", "issued_at"))
)


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """What one adult said, when, how, and who wrote it down."""

    id: UUID
    contact_id: UUID | None
    given: bool
    method: str
    said_by: str
    comment: str
    given_on: date
    expires_on: date
    recorded_by: str | None
    withdrawn_at: datetime | None

    @property
    def answered(self) -> Answered:
        return Answered(self.id, self.contact_id, self.given, self.expires_on, self.withdrawn_at is not None)


@dataclass(frozen=True, slots=True)
class AskRead:
    """What was asked, and every answer in order. `waiting_for`: adults with responsibility who have not answered."""

    id: UUID
    pupil_id: UUID
    child: str
    first_name: str
    purpose: str
    subject_id: UUID
    guest_name: str
    content: Mapping[str, Any]
    wording: str
    asked_at: datetime
    closed_at: datetime | None
    answers: tuple[AnswerRead, ...]
    adults: tuple[tuple[UUID, str], ...]

    @property
    def standing(self) -> Standing:
        return stand([answer.answered for answer in self.answers], clock.today())

    @property
    def lines(self) -> list[Line]:
        return lines_of(self.content)

    @property
    def waiting_for(self) -> list[str]:
        heard = {answer.contact_id for answer in self.answers}
        return [name for key, name in self.adults if key not in heard]


@dataclass(frozen=True, slots=True)
class ShareRead:
    """Who has what, until when."""

    id: UUID
    pupil_id: UUID
    guest_name: str
    kind: str
    subject_id: UUID
    created_at: datetime
    expires_on: date
    revoked_at: datetime | None
    revoked_because: str | None
    ask_id: UUID | None
    documents: tuple[str, ...]

    @property
    def live(self) -> bool:
        return self.revoked_at is None and self.expires_on >= clock.today()


@dataclass(frozen=True, slots=True)
class ReplyRead:
    id: UUID
    kind: str
    content: Mapping[str, Any]
    author_name: str
    author_role: str
    issued_at: datetime


def load_ask(ask_id: UUID) -> ConsentAsk:
    """Raises NotFound, also for another school's and, in the portal, for another family's."""
    return _found(db.session.scalar(select(ConsentAsk).where(ConsentAsk.id == ask_id)))


def load_consent(consent_id: UUID) -> Consent:
    return _found(db.session.scalar(select(Consent).where(Consent.id == consent_id)))


def load_share(share_id: UUID) -> Share:
    return _found(db.session.scalar(select(Share).where(Share.id == share_id)))


def get_ask(ask_id: UUID) -> AskRead:
    return _one(_asks().where(ConsentAsk.id == ask_id))


def list_asks(pupil_id: UUID) -> list[AskRead]:
    """Newest first."""
    rows = db.session.execute(
        _asks().where(ConsentAsk.pupil_id == pupil_id).order_by(ConsentAsk.asked_at.desc(), ConsentAsk.id.desc())
    )
    return [_ask(row) for row in rows]


def standing(ask_id: UUID) -> Standing:
    """Whether the school may share now. For staff: a parent's own view knows only their own answers."""
    return get_ask(ask_id).standing


def list_shares(pupil_id: UUID) -> list[ShareRead]:
    """Newest first, the ended ones too."""
    titles = (
        select(func.coalesce(func.json_agg(ShareDocument.title), func.json_build_array()))
        .where(ShareDocument.tenant_id == Share.tenant_id, ShareDocument.share_id == Share.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Share.id, Share.pupil_id, _tenant.c.name, Share.kind, Share.subject_id, Share.created_at,
            Share.expires_on, Share.revoked_at, Share.revoked_because, Consent.ask_id, titles,
        )
        .join(_tenant, _tenant.c.id == Share.guest_tenant_id)
        .outerjoin(Consent, and_(Consent.tenant_id == Share.tenant_id, Consent.id == Share.consent_id))
        .where(Share.pupil_id == pupil_id)
        .order_by(Share.created_at.desc(), Share.id.desc())
    )  # fmt: skip
    return [ShareRead(*row[:-1], tuple(row[-1])) for row in rows]


def list_replies(share_id: UUID) -> list[ReplyRead]:
    """What the guest has issued to the school, oldest first. Stays readable after the share has ended."""
    r = _reply.c
    rows = db.session.execute(
        select(r.id, r.kind, r.content, r.author_name, r.author_role, r.issued_at)
        .where(r.share_id == share_id)
        .order_by(r.issued_at, r.id)
    )
    return [ReplyRead(*row) for row in rows]


def list_expiring(on: Sequence[date]) -> list[UUID]:
    """Open asks with a yes that ends on one of these days and was not taken back."""
    rows = db.session.scalars(
        select(Consent.ask_id)
        .join(ConsentAsk, and_(ConsentAsk.tenant_id == Consent.tenant_id, ConsentAsk.id == Consent.ask_id))
        .outerjoin(ConsentWithdrawal, _withdrawal_of(Consent.id))
        .where(
            Consent.given, Consent.expires_on.in_(on), ConsentWithdrawal.id.is_(None), ConsentAsk.closed_at.is_(None)
        )
        .distinct()
        .order_by(Consent.ask_id)
    )
    return list(rows)


def find_contact(contact_id: UUID, pupil_id: UUID) -> Contact | None:
    """An adult with parental responsibility for this child, now."""
    return db.session.scalar(select(Contact).where(Contact.id == contact_id, *_responsible(pupil_id)))


def find_guardianship(link_id: UUID | None) -> Guardianship | None:
    """A parent's own link to a child; PostgreSQL shows it only while it is active."""
    return db.session.scalar(select(Guardianship).where(Guardianship.id == link_id))


def _responsible(pupil_id: Any) -> tuple[ColumnElement[bool], ...]:
    still = Contact.ended_on.is_(None) | (Contact.ended_on > clock.today())
    return (Contact.pupil_id == pupil_id, Contact.parental_responsibility, still)


def _withdrawal_of(consent_id: Any) -> ColumnElement[bool]:
    return and_(ConsentWithdrawal.tenant_id == ConsentAsk.tenant_id, ConsentWithdrawal.consent_id == consent_id)


def _asks() -> Select[Any]:
    ask, answer = ConsentAsk, Consent
    answers = (
        select(
            func.json_agg(
                func.json_build_array(
                    answer.id, answer.contact_id, answer.given, answer.method, answer.said_by, answer.comment,
                    answer.given_on, answer.expires_on, _person.c.name, ConsentWithdrawal.withdrawn_at,
                ).op("order by")(answer.recorded_at)
            )
        )
        .outerjoin(_person, _person.c.id == answer.recorded_by)
        .outerjoin(ConsentWithdrawal, _withdrawal_of(answer.id))
        .where(answer.tenant_id == ask.tenant_id, answer.ask_id == ask.id)
        .correlate(ask)
        .scalar_subquery()
    )  # fmt: skip
    adults = (
        select(func.json_agg(func.json_build_array(Contact.id, Contact.name)))
        .where(Contact.tenant_id == ask.tenant_id, *_responsible(ask.pupil_id))
        .correlate(ask)
        .scalar_subquery()
    )
    return select(
        ask.id, ask.pupil_id, func.concat(Pupil.preferred_forename, " ", Pupil.legal_surname), Pupil.preferred_forename,
        ask.purpose, ask.subject_id, ask.guest_name, ask.content, ask.wording, ask.asked_at, ask.closed_at, answers, adults,
    ).join(Pupil, and_(Pupil.tenant_id == ask.tenant_id, Pupil.id == ask.pupil_id))  # fmt: skip
