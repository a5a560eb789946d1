"""Finding contacts, guardians and the changes of access that wait for a second pair of eyes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, aggregate_order_by
from sqlalchemy.orm import aliased
from sqlalchemy.sql import column
from sqlalchemy.sql import table as sql_table

from app.kernel.errors import NotFound
from app.pupils.models import Access, AccessChange, Contact, Guardianship, Pupil
from infrastructure.database.door import db

T = TypeVar("T")
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
    version: int
    link_id: UUID | None
    status: Access | None
    confirmed_at: datetime | None

    @property
    def is_stopped(self) -> bool:
        return self.status in (Access.RESTRICTED, Access.BARRED)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of access in the history of a link, newest first."""

    id: UUID
    to_status: Access
    lifts: bool
    reason: str
    proposed_by: UUID
    proposed_role: str
    proposed_at: datetime
    proposer: str | None
    confirmed_role: str | None
    confirmed_at: datetime | None
    confirmer: str | None
    withdrawn_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class AccessPage:
    """How a guardian stands, and every change there was."""

    link_id: UUID
    status: Access
    contact_name: str
    relationship: str
    changes: list[ChangeLine]


@dataclass(frozen=True, slots=True)
class Look:
    """A contact, and whoever else on file has the same e-mail address: "Karim Bex (Idris)"."""

    contact: ContactCard
    same_address: list[str]


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


def is_objector(contact_id: UUID) -> bool:
    """Whether a no of theirs about sharing holds, or a yes that they took back. PostgreSQL says no more than that."""
    found = text("select :contact_id in (select ctx.objectors())")
    return bool(db.session.scalar(found, {"contact_id": contact_id}))


def load_contact(pupil_id: UUID, contact_id: UUID) -> Contact:
    return _one(select(Contact).where(Contact.pupil_id == pupil_id, Contact.id == contact_id))


def load_guardianship(pupil_id: UUID, link_id: UUID) -> Guardianship:
    return _one(select(Guardianship).where(Guardianship.pupil_id == pupil_id, Guardianship.id == link_id))


def load_change(pupil_id: UUID, change_id: UUID) -> AccessChange:
    return _one(select(AccessChange).where(AccessChange.pupil_id == pupil_id, AccessChange.id == change_id))


def load_link_of(pupil_id: UUID, contact_id: UUID) -> Guardianship:
    link = Guardianship
    return _one(select(link).where(link.pupil_id == pupil_id, link.contact_id == contact_id))


def look_at(pupil_id: UUID, contact_id: UUID) -> Look:
    """Raises NotFound. In one statement, because a page has few."""
    other = aliased(Contact)
    same = (
        select(
            func.array_agg(
                aggregate_order_by(func.concat(other.name, " (", Pupil.preferred_forename, ")"), other.id)
            )
        )
        .join(Pupil, and_(Pupil.tenant_id == other.tenant_id, Pupil.id == other.pupil_id))
        .where(
            other.tenant_id == Contact.tenant_id,
            func.lower(other.email) == func.lower(Contact.email),
            other.id != Contact.id,
            other.ended_on.is_(None),
        )
        .correlate(Contact)
        .scalar_subquery()
    )
    statement = _contacts().add_columns(func.coalesce(same, literal([], ARRAY(TEXT))))
    row = db.session.execute(statement.where(Contact.pupil_id == pupil_id, Contact.id == contact_id)).first()
    if row is None:
        raise NotFound
    return Look(ContactCard(*row[:-1]), list(row[-1]))


def get_access(pupil_id: UUID, link_id: UUID) -> AccessPage:
    link, change, proposer, confirmer = Guardianship, AccessChange, _person.alias(), _person.alias()
    columns: tuple[Any, ...] = (
        link.id,
        link.status,
        Contact.name,
        Contact.relationship,
        change.id,
        change.to_status,
        change.lifts,
        change.reason,
        change.proposed_by,
        change.proposed_role,
        change.proposed_at,
        proposer.c.name,
        change.confirmed_role,
        change.confirmed_at,
        confirmer.c.name,
        change.withdrawn_at,
    )
    rows = db.session.execute(
        select(*columns)
        .select_from(link)
        .join(Contact, and_(Contact.tenant_id == link.tenant_id, Contact.id == link.contact_id))
        .outerjoin(change, and_(change.tenant_id == link.tenant_id, change.guardianship_id == link.id))
        .outerjoin(proposer, proposer.c.id == change.proposed_by)
        .outerjoin(confirmer, confirmer.c.id == change.confirmed_by)
        .where(link.pupil_id == pupil_id, link.id == link_id)
        .order_by(change.proposed_at.desc(), change.id)
    ).all()
    if not rows:
        raise NotFound
    link_id, status, name, relationship = rows[0][:4]
    return AccessPage(link_id, status, name, relationship, [ChangeLine(*row[4:]) for row in rows if row[4]])


def _contacts() -> Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        Contact.id,
        Contact.name,
        Contact.relationship,
        Contact.email,
        Contact.phone,
        Contact.parental_responsibility,
        Contact.priority,
        Contact.ended_on,
        Contact.version,
        Guardianship.id,
        Guardianship.status,
        Guardianship.confirmed_at,
    )
    mine = and_(Guardianship.tenant_id == Contact.tenant_id, Guardianship.contact_id == Contact.id)
    return select(*columns).outerjoin(Guardianship, mine)


def _one(statement: Select[T]) -> T:
    found: T | None = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found
