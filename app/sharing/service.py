"""What can be done with sharing: ask, answer, take back, share and stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.kernel.access import Actor, Audience, authorise
from app.kernel.clock import london, now, today
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.events import record
from app.kernel.ids import new_id
from app.pupils.models import Pupil
from app.sharing import policy, queries
from app.sharing.content import content_hash, wording_hash
from app.sharing.documents import CleanDocument
from app.sharing.events import ConsentAnswered, ConsentAsked, ConsentWithdrawn, ShareStopped
from app.sharing.models import Consent, ConsentAsk, ConsentWithdrawal, Method, Share, ShareDocument
from app.sharing.wording import tells_about_ehc, wording_of
from infrastructure.database.door import db
from tenants import registry

NOT_RESPONSIBLE = (
    "You can read this, and tell the school what you think. "
    "Only an adult with parental responsibility can say yes or no."
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What the school wants to share: `content` is frozen as it is."""

    purpose: str
    subject_id: UUID
    guest_tenant_id: UUID
    guest_name: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, from the family's own page."""

    given: bool
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that the school heard and wrote down. Without `expires_on` it holds for a year."""

    given: bool
    contact_id: UUID
    method: str
    given_on: date
    told_about_ehc: bool = False
    comment: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """How an adult told the school that they take their yes back."""

    method: str


@dataclass(frozen=True, slots=True)
class Stopping:
    """Why the school stops sharing."""

    because: str


def ask(actor: Actor, pupil: Pupil, asked: Ask) -> ConsentAsk:
    """Freeze what would be shared and ask every adult with responsibility. An older ask about the same is closed."""
    authorise(actor, policy.can_ask)
    _close_older(asked.subject_id)
    school = registry.get_listing(pupil.tenant_id)
    assert school is not None
    content = dict(asked.content)
    made = ConsentAsk(
        id=new_id(), pupil_id=pupil.id, purpose=asked.purpose, subject_id=asked.subject_id,
        guest_tenant_id=asked.guest_tenant_id, guest_name=asked.guest_name,
        content=content, content_hash=content_hash(content), asked_by=actor.person_id,
        wording=wording_of(
            asked.purpose, school=school.name, guest=asked.guest_name, child=pupil.preferred_forename
        ),
    )  # fmt: skip
    db.session.add(made)
    record(ConsentAsked(ask_id=made.id))
    return made


def answer(actor: Actor, ask: ConsentAsk, answered: Answer) -> Consent:
    """A parent says yes or no. Raises Forbidden for a carer, Conflict for an ask that has been replaced."""
    link = queries.find_guardianship(actor.scope_id)
    if not policy.can_answer(actor, responsible=link is not None and link.parental_responsibility):
        raise Forbidden(NOT_RESPONSIBLE)
    assert link is not None
    said = _consent(
        ask, given=answered.given, contact_id=link.contact_id, on=today(), comment=answered.comment
    )
    said.method, said.guardianship_id, said.person_id = Method.PORTAL, link.id, actor.person_id
    said.said_by, said.told_about_ehc = actor.name, tells_about_ehc(ask.purpose)
    return _keep(said)


def record_answer(actor: Actor, ask: ConsentAsk, heard: Recorded) -> Consent:
    """Write down what an adult with parental responsibility said on paper, by phone or in a meeting."""
    authorise(actor, policy.can_record)
    contact = queries.find_contact(heard.contact_id, ask.pupil_id)
    if contact is None:
        raise Invalid("contact_id", "Choose an adult who has parental responsibility")
    _check_recorded(ask, heard)
    said = _consent(
        ask,
        given=heard.given,
        contact_id=contact.id,
        on=heard.given_on,
        until=heard.expires_on,
        comment=heard.comment,
    )
    said.method, said.recorded_by = heard.method, actor.person_id
    said.said_by, said.told_about_ehc = contact.name, heard.told_about_ehc
    return _keep(said)


def withdraw(actor: Actor, consent: Consent, *, method: str = Method.PORTAL) -> None:
    """Take back a yes. PostgreSQL ends what stands on it in this transaction: share, link, session and post."""
    authorise(actor, policy.can_withdraw)
    if not consent.given:
        raise Conflict("This answer was no. Nothing is shared because of it.")
    if queries.is_withdrawn(consent.id):
        raise Conflict("This consent has already been withdrawn. Nothing more is shared.")
    in_portal = actor.audience is Audience.FAMILY
    ending = _shares_that_end(consent)
    db.session.add(
        ConsentWithdrawal(
            consent_id=consent.id, pupil_id=consent.pupil_id, said_by=consent.said_by,
            method=Method.PORTAL if in_portal else method,
            guardianship_id=actor.scope_id if in_portal else None,
            person_id=actor.person_id if in_portal else None,
            recorded_by=None if in_portal else actor.person_id,
        )
    )  # fmt: skip
    record(ConsentWithdrawn(ask_id=consent.ask_id, consent_id=consent.id))
    for share_id, guest_id in ending:
        # Without a share_id of its own: the trigger stops the post of the share, and this letter must arrive.
        record(ShareStopped(share_id=share_id), to=[guest_id])


def open_share(
    actor: Actor, ask: ConsentAsk, consent_id: UUID, expires_on: date, documents: Sequence[CleanDocument] = ()
) -> Share:
    """Hand the frozen content to its guest. Called by the rooms above, which have authorised and tell the guest.

    Never for longer than the consent, and never a document that the ask does not name.
    """
    authorise(actor, policy.can_send)
    ask.check_open()
    if not queries.standing(ask.id).given:
        raise Conflict("You need a yes from an adult with parental responsibility, and no adult who says no.")
    named = {line["sha256"] for line in ask.content.get("documents", ())}
    if any(document.sha256.hex() not in named for document in documents):
        raise Conflict(
            "The family has not seen one of these documents. Ask again with the documents as they are now."
        )
    consent = queries.load_consent(consent_id)
    share = Share(
        id=new_id(), guest_tenant_id=ask.guest_tenant_id, kind=ask.purpose, pupil_id=ask.pupil_id,
        subject_id=ask.subject_id, content=ask.content, content_hash=ask.content_hash, consent_id=consent_id,
        expires_on=min(expires_on, consent.expires_on), created_by=actor.person_id,
    )  # fmt: skip
    db.session.add(share)
    db.session.flush()  # each document is checked against its share
    db.session.add_all(_copy(document, share) for document in documents)
    return share


def revoke(actor: Actor, share: Share, because: str) -> None:
    """The school stops sharing. The guest cannot open it from now on."""
    authorise(actor, policy.can_stop)
    share.revoke(because, at=now())
    record(ShareStopped(share_id=share.id), to=[share.tenant_id, share.guest_tenant_id])


def _close_older(subject_id: UUID) -> None:
    statement = select(ConsentAsk).where(ConsentAsk.subject_id == subject_id, ConsentAsk.closed_at.is_(None))
    for older in db.session.scalars(statement):
        older.close(at=now())
    db.session.flush()  # one open ask for each subject: the older is closed before the new one is there


def _check_recorded(ask: ConsentAsk, heard: Recorded) -> None:
    if not london(ask.asked_at).date() <= heard.given_on <= today():
        raise Invalid("given_on", "The date must be between the day you asked and today")
    if heard.given and tells_about_ehc(ask.purpose) and not heard.told_about_ehc:
        raise Invalid("told_about_ehc", "Confirm that you told them about EHC needs assessments")
    latest = _years_after(heard.given_on, 2)
    if heard.expires_on is not None and not today() < heard.expires_on <= latest:
        raise Invalid("expires_on", "The end date must be in the future and within two years")


def _consent(
    ask: ConsentAsk, *, given: bool, contact_id: UUID, on: date, until: date | None = None, comment: str
) -> Consent:
    """An answer to exactly what is asked now."""
    ask.check_open()
    if queries.has_live_yes(ask.id, contact_id):
        raise Conflict("This adult has said yes. To change that, withdraw the consent.")
    return Consent(
        id=new_id(), ask_id=ask.id, pupil_id=ask.pupil_id, given=given, contact_id=contact_id,
        content_hash=ask.content_hash, wording_hash=wording_hash(ask.wording), comment=comment,
        given_on=on, expires_on=until or _years_after(on, 1),
    )  # fmt: skip


def _keep(said: Consent) -> Consent:
    db.session.add(said)
    record(ConsentAnswered(ask_id=said.ask_id, consent_id=said.id))
    return said


def _shares_that_end(consent: Consent) -> list[tuple[UUID, UUID]]:
    """Each live share and its guest. Nobody else may learn that there was a question at all."""
    about = select(ConsentAsk.subject_id).where(ConsentAsk.id == consent.ask_id).scalar_subquery()
    live = (Share.revoked_at.is_(None), Share.expires_on >= today(), Share.consent_id.is_not(None))
    found = db.session.execute(
        select(Share.id, Share.guest_tenant_id).where(Share.subject_id == about, *live)
    )
    return [(share_id, guest_id) for share_id, guest_id in found]


def _copy(document: CleanDocument, share: Share) -> ShareDocument:
    return ShareDocument(
        guest_tenant_id=share.guest_tenant_id, share_id=share.id, title=document.title, filename=document.filename,
        media_type=document.media_type, size_bytes=document.size_bytes, sha256=document.sha256,
        clean_key=document.clean_key, object_version=document.object_version,
    )  # fmt: skip


def _years_after(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap_day else day.day)
