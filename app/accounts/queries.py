"""Finding the people of the organisation that we act in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import Invitation, Membership, Person, Standing
from app.kernel.access import ROLE_NAMES, Role
from app.kernel.errors import NotFound
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here, to be written to or named."""

    person_id: UUID
    name: str
    email: str
    roles: frozenset[Role]

    @property
    def role_names(self) -> str:
        return _names(self.roles)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Somebody on the staff page: at work here, or still invited."""

    membership_id: UUID
    person_id: UUID
    name: str
    email: str
    roles: frozenset[Role]
    status: Standing
    version: int
    invitation_id: UUID | None
    invited_until: datetime | None

    @property
    def role_names(self) -> str:
        return _names(self.roles)

    @property
    def is_invited(self) -> bool:
        return self.status == Standing.INVITED


# Until they accept, somebody is no more than the address that was typed: a name would tell that they are known
# elsewhere, as a parent or at another organisation, and who they are.
_NAME = case((Membership.status == Standing.INVITED, Person.email), else_=Person.name).label("name")


def members_with(*roles: Role) -> list[Member]:
    """Everybody who works here now in one of these roles, by name."""
    wanted = [role.value for role in roles]
    return _members(Membership.roles.overlap(wanted))


def list_members() -> list[Member]:
    """Everybody who works here now, by name."""
    return _members()


def get_member(person_id: UUID) -> Member:
    """Raises NotFound, also for somebody of another organisation or whose access has ended."""
    found = _members(Membership.person_id == person_id)
    if not found:
        raise NotFound
    return found[0]


def list_staff() -> list[StaffRow]:
    """Those who work here and those who are invited, by name. For whoever keeps the staff."""
    return [_staff_row(row) for row in db.session.execute(_staff().order_by(_NAME, Membership.id))]


def get_staff(membership_id: UUID) -> StaffRow:
    row = db.session.execute(_staff().where(Membership.id == membership_id)).first()
    if row is None:
        raise NotFound
    return _staff_row(row)


def load_membership(membership_id: UUID) -> Membership:
    """Raises NotFound, also for a membership elsewhere."""
    found = db.session.scalar(select(Membership).where(Membership.id == membership_id))
    if found is None:
        raise NotFound
    return found


def find_membership_of(person_id: UUID) -> Membership | None:
    return db.session.scalar(select(Membership).where(Membership.person_id == person_id))


def load_invitation(membership_id: UUID) -> Invitation:
    """The one that this person can still answer. Raises NotFound."""
    found = db.session.scalar(_open_invitations().where(Membership.id == membership_id))
    if found is None:
        raise NotFound
    return found


def find_open_invitation(membership_id: UUID) -> Invitation | None:
    return db.session.scalar(_open_invitations().where(Membership.id == membership_id))


def is_last_admin(membership: Membership, admin: Role) -> bool:
    others = select(func.count()).where(
        Membership.id != membership.id,
        Membership.status == Standing.ACTIVE,
        Membership.roles.contains([admin.value]),
    )
    return membership.has(admin) and db.session.scalar(others) == 0


def _members(*conditions: ColumnElement[bool]) -> list[Member]:
    rows = db.session.execute(
        select(Person.id, Person.name, Person.email, Membership.roles)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.status == Standing.ACTIVE, *conditions)
        .order_by(Person.name, Person.id)
    )
    return [Member(*row[:3], frozenset(map(Role, row.roles))) for row in rows]


def _staff() -> Select[tuple[UUID, UUID, str, str, list[str], Standing, int, UUID, datetime]]:
    waiting = aliased(Invitation)
    is_open = waiting.accepted_at.is_(None) & waiting.cancelled_at.is_(None)
    return (
        select(
            Membership.id,
            Person.id.label("person_id"),
            _NAME,
            Person.email,
            Membership.roles,
            Membership.status,
            Membership.version,
            waiting.id.label("invitation_id"),
            case((is_open, waiting.expires_at)).label("invited_until"),
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(waiting, (waiting.person_id == Membership.person_id) & is_open)
        .where(Membership.status != Standing.ENDED)
    )


def _open_invitations() -> Select[Invitation]:
    return (
        select(Invitation)
        .join(Membership, Membership.person_id == Invitation.person_id)
        .where(Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None))
        .order_by(Invitation.created_at.desc())
        .limit(1)
    )


def _staff_row(row: Any) -> StaffRow:
    values = row._asdict()
    return StaffRow(
        membership_id=values["id"],
        person_id=values["person_id"],
        name=values["name"],
        email=values["email"],
        roles=frozenset(map(Role, values["roles"])),
        status=Standing(values["status"]),
        version=values["version"],
        invitation_id=values["invitation_id"],
        invited_until=values["invited_until"],
    )


def _names(roles: frozenset[Role]) -> str:
    return ", ".join(ROLE_NAMES[role] for role in Role if role in roles)
