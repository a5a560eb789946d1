"""Finding contacts, guardians and the changes of access that wait for a second pair of eyes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.sql import column
from sqlalchemy.sql import table as sql_table

from app.kernel.clock import today
from app.kernel.errors import NotFound
from app.pupils.models import Access, AccessChange, Contact, Guardianship, Pupil
from infrastructure.database.door import db

_person = sql_table("person", column("id"), column("name"))


@dataclass(frozen=True, slots=True)
class ContactCard:
    """An adult of a pupil, and how they stand with the family portal (`link_id` None: never invited)."""

    id: UUID
    name: str
    relationship: str
    email: str | None
    phone: str | None
    parental_responsibility: bool
    priority: int
    ended_on: date | None
    link_id: UUID | None
    status: Access | None
    confirmed_at: datetime | None

    @property
    def is_stopped(self) -> bool:
        return self.status in (Access.RESTRICTED, Access.BARRED)


@dataclass(frozen=True, slots=True)
class OpenChange:
    """A change of access that the other lead has not confirmed."""

    id: UUID
    guardianship_id: UUID
    pupil_id: UUID
    to_status: Access
    lifts: bool
    reason: str
    proposed_by: UUID
    proposed_role: str
    proposed_at: datetime
    proposer: str
    contact_name: str


@dataclass(frozen=True, slots=True)
class SameAddress:
    """Somebody else on the roll with the same e-mail address."""

    contact_name: str
    pupil_id: UUID
    pupil_name: str


def contacts_of(pupil_id: UUID) -> list[ContactCard]:
    """Everybody on file, in the order in which they are to be reached; those no longer contacts come last."""
    rows = db.session.execute(
        _contacts()
        .where(Contact.pupil_id == pupil_id)
        .order_by(Contact.ended_on.is_not(None), Contact.priority, Contact.id)
    )
    return [ContactCard(*row) for row in rows]


def get_contact(pupil_id: UUID, contact_id: UUID) -> ContactCard:
    row = db.session.execute(
        _contacts().where(Contact.pupil_id == pupil_id, Contact.id == contact_id)
    ).first()
    if row is None:
        raise NotFound
    return ContactCard(*row)


def load_contact(pupil_id: UUID, contact_id: UUID) -> Contact:
    return _one(select(Contact).where(Contact.pupil_id == pupil_id, Contact.id == contact_id))


def load_guardianship(pupil_id: UUID, link_id: UUID) -> Guardianship:
    return _one(select(Guardianship).where(Guardianship.pupil_id == pupil_id, Guardianship.id == link_id))


def load_change(pupil_id: UUID, change_id: UUID) -> AccessChange:
    return _one(select(AccessChange).where(AccessChange.pupil_id == pupil_id, AccessChange.id == change_id))


def open_changes(pupil_id: UUID) -> list[OpenChange]:
    """PostgreSQL shows them to the headteacher and the safeguarding lead only."""
    link, change = Guardianship, AccessChange
    rows = db.session.execute(
        select(
            change.id,
            change.guardianship_id,
            change.pupil_id,
            change.to_status,
            change.lifts,
            change.reason,
            change.proposed_by,
            change.proposed_role,
            change.proposed_at,
            func.coalesce(_person.c.name, ""),
            Contact.name,
        )
        .join(link, and_(link.tenant_id == change.tenant_id, link.id == change.guardianship_id))
        .join(Contact, and_(Contact.tenant_id == link.tenant_id, Contact.id == link.contact_id))
        .outerjoin(_person, _person.c.id == change.proposed_by)
        .where(change.pupil_id == pupil_id, change.confirmed_at.is_(None), change.withdrawn_at.is_(None))
        .order_by(change.proposed_at.desc(), change.id)
    )
    return [OpenChange(*row) for row in rows]


def get_open_change(pupil_id: UUID, change_id: UUID) -> OpenChange:
    found = next((change for change in open_changes(pupil_id) if change.id == change_id), None)
    if found is None:
        raise NotFound
    return found


def others_at(email: str, *, besides: UUID) -> list[SameAddress]:
    """Contacts of this school with the same address and, except one, any name: a mailbox may be shared."""
    rows = db.session.execute(
        select(
            Contact.name,
            Pupil.id,
            func.concat(
                Pupil.preferred_forename, " ", func.coalesce(Pupil.preferred_surname, Pupil.legal_surname)
            ),
        )
        .join(Pupil, and_(Pupil.tenant_id == Contact.tenant_id, Pupil.id == Contact.pupil_id))
        .where(
            func.lower(Contact.email) == email.lower(),
            Contact.id != besides,
            or_(Contact.ended_on.is_(None), Contact.ended_on > today()),
        )
        .order_by(Pupil.sort_key, Contact.id)
    )
    return [SameAddress(*row) for row in rows]


def _contacts() -> Select[Any]:
    return select(
        Contact.id,
        Contact.name,
        Contact.relationship,
        Contact.email,
        Contact.phone,
        Contact.parental_responsibility,
        Contact.priority,
        Contact.ended_on,
        Guardianship.id,
        Guardianship.status,
        Guardianship.confirmed_at,
    ).outerjoin(
        Guardianship,
        and_(Guardianship.tenant_id == Contact.tenant_id, Guardianship.contact_id == Contact.id),
    )


def _one(statement: Select[tuple[Any]]) -> Any:
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found
