"""Keeping the adults of a pupil: who is reached first, and who has parental responsibility."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from app.kernel.access import Actor, authorise
from app.kernel.clock import today
from app.kernel.errors import Conflict, Forbidden, Invalid
from app.kernel.names import search_key, tidy
from app.pupils import contact_queries, policy
from app.pupils.contact_queries import ContactCard
from app.pupils.models import Access, Contact, Pupil
from infrastructure.database.door import db

OBJECTS = (
    "This adult has said no to sharing, and that still counts. "
    "Ask your headteacher or safeguarding lead to change their responsibility or to end the contact"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAnswers:
    name: str
    relationship: str = ""
    email: str = ""
    phone: str = ""
    parental_responsibility: str
    priority: int = 1
    version: int = 1


def add_contact(actor: Actor, pupil: Pupil, answers: ContactAnswers) -> None:
    """Raises Invalid when somebody of that name is on file already."""
    authorise(actor, policy.can_keep_roll)
    same = (contact.name for contact in contact_queries.contacts_of(pupil.id) if contact.ended_on is None)
    if search_key(answers.name) in map(search_key, same):
        raise Invalid("name", "A contact with this name is on file already. Change that one instead")
    contact = Contact(pupil_id=pupil.id, ended_on=None)
    _write(contact, answers)
    db.session.add(contact)


def change_contact(actor: Actor, contact: Contact, answers: ContactAnswers) -> None:
    """Another e-mail address of a guardian is another mailbox: PostgreSQL sends the link back to be looked at."""
    authorise(actor, policy.can_change_contact)
    card = contact_queries.get_contact(contact.pupil_id, contact.id)
    if card.link_id is not None:
        _check_guardian(actor, card, answers)
    if _has_pr(answers) != card.parental_responsibility and _is_kept(actor, contact):
        raise Invalid("parental_responsibility", OBJECTS)
    set_committed_value(contact, "version", answers.version)
    _write(contact, answers)


def end_contact(actor: Actor, contact: Contact) -> None:
    """No longer a contact. Somebody who uses the portal stays: ending access is for two people to decide."""
    authorise(actor, policy.can_change_contact)
    if contact_queries.get_contact(contact.pupil_id, contact.id).status is Access.ACTIVE:
        raise Conflict(
            "This person uses the family portal. The headteacher or the safeguarding lead must stop their access first."
        )
    if _is_kept(actor, contact):
        raise Conflict(f"{OBJECTS}.")
    contact.ended_on = today()


def priority_for_next(pupil_id: UUID) -> int:
    """The place after the last contact."""
    last = select(func.coalesce(func.max(Contact.priority), 0)).where(Contact.pupil_id == pupil_id)
    return min((db.session.scalar(last) or 0) + 1, 9)


def _is_kept(actor: Actor, contact: Contact) -> bool:
    """Nobody alone both asks a family and says that the adult who refuses has no say."""
    return not policy.can_overrule(actor) and contact_queries.is_objector(contact.id)


def _check_guardian(actor: Actor, card: ContactCard, answers: ContactAnswers) -> None:
    responsibility = _has_pr(answers) != card.parental_responsibility
    mailbox = answers.email.lower() != (card.email or "").lower()
    if (responsibility or mailbox) and not policy.can_change_responsibility(actor, uses_portal=True):
        raise Forbidden(
            "This person uses the family portal. Ask your SENDCO to change their e-mail address or responsibility."
        )
    if not answers.email:
        raise Invalid("email", "Enter an email address. This person uses the family portal with it")


def _write(contact: Contact, answers: ContactAnswers) -> None:
    if mailbox_is_shared(contact, answers):
        raise Invalid("email", SHARED_MAILBOX)
    contact.name = tidy(answers.name)
    contact.relationship = tidy(answers.relationship)
    contact.email = answers.email.lower() or None
    contact.phone = answers.phone or None
    contact.parental_responsibility = _has_pr(answers)
    contact.priority = answers.priority


SHARED_MAILBOX = (
    "Another contact of this pupil uses this email address and the family portal. "
    "Each adult needs their own, because each of them answers for themselves"
)


def mailbox_is_shared(contact: Contact, answers: ContactAnswers) -> bool:
    """Only a mailbox that somebody signs in with; two contacts may be written to at one address."""
    return any(
        other.id != contact.id and other.link_id and (other.email or "").lower() == answers.email.lower()
        for other in contact_queries.contacts_of(contact.pupil_id)
    )


def _has_pr(answers: ContactAnswers) -> bool:
    return answers.parental_responsibility == "yes"
