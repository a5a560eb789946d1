"""Letting an adult into the family portal: asked for by one look, opened by a second."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.access import Actor, authorise
from app.kernel.clock import now, today
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.kernel.names import search_key
from app.pupils import contact_queries, policy
from app.pupils.contact_queries import ContactCard
from app.pupils.events import GuardianInvited
from app.pupils.models import Access, Guardianship
from infrastructure.database.door import db

SHARED = (
    "{name} has the same email address. Ask each of them for their own: the portal shows who agreed to what, "
    "and in a shared mailbox nobody could tell"
)
STOPPED = (
    "Somebody with this name had their access stopped. "
    "Only the headteacher and the safeguarding lead together can change that"
)


@dataclass(frozen=True, slots=True)
class Looked:
    """The person who confirms says that they have checked."""

    confirmed: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """A button without questions."""


def invite(actor: Actor, pupil_id: UUID, contact_id: UUID, link_id: UUID, _: Nothing) -> None:
    """A pending link, which opens nothing. PostgreSQL finds the person by the contact's e-mail address.

    Raises Invalid when the mailbox is missing, shared, or belongs to somebody whose access was stopped.
    """
    authorise(actor, policy.can_confirm_guardian)
    contact = contact_queries.get_contact(pupil_id, contact_id)
    if contact.link_id is not None:
        raise Conflict("This person has been invited already.")
    check_mailbox(pupil_id, contact)
    link = Guardianship(
        id=link_id, pupil_id=pupil_id, contact_id=contact_id, confirmed_by=None, confirmed_at=None
    )
    db.session.add(link)


def confirm(actor: Actor, link: Guardianship, _: Looked) -> None:
    """The second look: from now on this person sees the child's record and is told about it."""
    authorise(actor, policy.can_confirm_guardian)
    check_mailbox(link.pupil_id, contact_queries.get_contact(link.pupil_id, link.contact_id))
    link.activate(by=actor.person_id, at=now())
    record(GuardianInvited(guardianship_id=link.id))


def check_mailbox(pupil_id: UUID, contact: ContactCard) -> None:
    if contact.ended_on is not None and contact.ended_on <= today():
        raise Conflict("This person is no longer a contact.")
    if not contact.email:
        raise Invalid("contact", "Add an email address first. It is how people sign in to the family portal")
    for other in contact_queries.contacts_of(pupil_id):
        if other.id == contact.id:
            continue
        if other.ended_on is None and (other.email or "").lower() == contact.email.lower():
            raise Invalid("contact", SHARED.format(name=other.name))
        if other.is_stopped and search_key(other.name) == search_key(contact.name):
            raise Invalid("contact", STOPPED)


def is_open_to(link: Guardianship) -> bool:
    return link.status is Access.ACTIVE
