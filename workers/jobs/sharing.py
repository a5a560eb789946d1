"""Errands of sharing: who is told of an ask, an answer, a withdrawal, a stop and a consent that runs out."""

from datetime import date, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import column, select, table

from app.accounts.queries import members_with
from app.kernel.access import Role
from app.kernel.clock import today
from app.kernel.errors import NotFound
from app.notifications.letters import Letter
from app.notifications.service import tell
from app.panels.queries.people import without_conflict
from app.pupils.queries import guardians_of
from app.sharing import queries
from app.sharing.events import ConsentAnswered, ConsentAsked, ConsentsExpiring, ConsentWithdrawn, ShareStopped
from app.sharing.models import ConsentAsk
from infrastructure.database.door import db
from infrastructure.mail import MailNotAccepted
from tenants import context, registry
from workers.errand import Errand, GiveUp

DAYS_BEFORE = (28, 7)
ENDED = (
    "{school} has stopped sharing a referral with you. The link in our earlier mail is closed.",
    "If you have kept a copy, your own rules say what you may still do with it.",
    "Please do not start anything new because of it.",
    "You do not need to answer. If you have a question, contact the school.",
)


def tell_guardians_of_ask(event: ConsentAsked, _: Errand) -> None:
    """Every adult with parental responsibility who may use the portal: the same words at the same moment."""
    ask = _find(event.ask_id)
    if ask is None or ask.closed_at is not None:
        return
    for guardian in guardians_of(ask.pupil_id):
        if guardian.parental_responsibility:
            path = f"/children/{guardian.link_id}/consents/{ask.id}"
            tell([guardian.person_id], "consent_asked", path, audience="family", pupil_id=ask.pupil_id)


def tell_sendco_of_answer(event: ConsentAnswered, _: Errand) -> None:
    """Yes or no alike. Whoever wrote the answer down knows it already."""
    _tell_sendco(event.ask_id, "consent_answered")


def tell_parent_of_answer_written_down(event: ConsentAnswered | ConsentWithdrawn, _: Errand) -> None:
    """What the school says it heard, the adult who is said to have said it looks at. In the portal they know."""
    link = queries.find_link_behind(event.consent_id)
    if link is not None:
        path = f"/children/{link.id}/consents/{event.ask_id}"
        tell([link.person_id], "answer_written_down", path, audience="family", pupil_id=link.pupil_id)


def tell_sendco_of_withdrawal(event: ConsentWithdrawn, _: Errand) -> None:
    _tell_sendco(event.ask_id, "consent_withdrawn")


def tell_panel_of_end(event: ShareStopped, errand: Errand) -> None:
    """Something was taken back from the locality; what and of whom, it can no longer read.

    Whoever had a conflict of interest never heard of it, and does not now.
    """
    if _guest_kind(errand) == registry.Kind.LOCALITY:
        people = [member.person_id for member in members_with(Role.CLERK, Role.CHAIR, Role.VICE_CHAIR)]
        told = without_conflict(event.share_id, people)
        tell(told, "consent_withdrawn", "/meetings", audience="locality")


def mail_agency_of_end(_: ShareStopped, errand: Errand) -> None:
    """An agency has no inbox here: its registered mailbox is told, without a word about whom."""
    if _guest_kind(errand) != registry.Kind.AGENCY:
        return
    school, mailbox = registry.get_listing(errand.author_tenant_id), mailbox_of(errand.tenant_id)
    if school is not None and mailbox is not None:
        told = [paragraph.format(school=school.name) for paragraph in ENDED]
        send(Letter("A referral has been taken back", told, school.name), mailbox, errand)


def tell_sendco_of_expiry(_: ConsentsExpiring, __: Errand) -> None:
    """28 and 7 days before a yes runs out, while there is time to ask again."""
    days = [today() + timedelta(days=days) for days in DAYS_BEFORE]
    for ask_id, expires_on in queries.list_expiring(days):
        _tell_sendco(ask_id, "consent_expiring", due_on=expires_on)


def mailbox_of(agency_id: UUID) -> str | None:
    """Where an agency takes referrals. Only jobs may read it."""
    tenant = table("tenant", column("id"), column("referral_email"))
    mailbox: str | None = db.session.scalar(select(tenant.c.referral_email).where(tenant.c.id == agency_id))
    return mailbox


def send(letter: Letter, mailbox: str, errand: Errand) -> None:
    """Raises GiveUp when the mailbox will never take it."""
    domain = current_app.config["DOMAIN"].partition(":")[0]
    try:
        message = letter.to(mailbox, message_id=f"<{errand.delivery_id}@{domain}>")
        current_app.config["ADAPTERS"].mailer.send(message)
    except MailNotAccepted as refusal:
        if refusal.permanent:
            raise GiveUp from None
        raise


def _tell_sendco(ask_id: UUID, kind: str, *, due_on: date | None = None) -> None:
    ask = _find(ask_id)
    if ask is None:
        return
    author = context.current().person_id
    people = [member.person_id for member in members_with(Role.SENDCO) if member.person_id != author]
    tell(people, kind, f"/consents/{ask.id}", audience="school", pupil_id=ask.pupil_id, due_on=due_on)


def _guest_kind(errand: Errand) -> str | None:
    """What the addressee is, when it is not the school that wrote the letter."""
    guest = registry.get_listing(errand.tenant_id)
    return guest.kind if guest and errand.tenant_id != errand.author_tenant_id else None


def _find(ask_id: UUID) -> ConsentAsk | None:
    try:
        return queries.load_ask(ask_id)
    except NotFound:
        return None
