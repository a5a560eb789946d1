"""Pupils, their classes' side of things, contacts and guardians."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import names
from app.kernel.clock import now
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class Pupil(TenantOwned, Base):
    """A child on the roll of one school. Names are stored as typed; keys for sorting and searching beside them."""

    __tablename__ = "pupil"

    legal_surname: Mapped[str]
    legal_forenames: Mapped[str]
    preferred_forename: Mapped[str]
    preferred_surname: Mapped[str | None]
    sort_key: Mapped[str]
    search_key: Mapped[str]
    born_on: Mapped[date]
    year_group: Mapped[int]
    class_id: Mapped[UUID | None]
    sen_provision: Mapped[str] = mapped_column(default="N")
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    @property
    def surname(self) -> str:
        """The one people use: an adopted child may have another in law."""
        return self.preferred_surname or self.legal_surname

    @property
    def full_name(self) -> str:
        return f"{self.preferred_forename} {self.surname}"

    @property
    def name_for_panel(self) -> str:
        """First name and surname initial: all that leaves the school with a request to the locality."""
        return f"{self.preferred_forename} {self.surname[0]}"

    def file_name(self) -> None:
        """Keep the keys that lists are sorted and searched by true to the names."""
        self.sort_key, self.search_key = name_keys(
            self.legal_surname, self.legal_forenames, self.preferred_forename, self.preferred_surname
        )

    def leave(self, *, on: date) -> None:
        """Off the lists of staff. Class staff lose sight at once; what was shared with the family stays theirs."""
        if self.left_on is not None:
            raise Conflict("This pupil has already left.")
        self.left_on, self.class_id = on, None

    def come_back(self) -> None:
        if self.left_on is None:
            raise Conflict("This pupil is on the roll.")
        self.left_on = None


def name_keys(surname: str, forenames: str, known_as: str, preferred_surname: str | None) -> tuple[str, str]:
    """How a pupil is sorted, and what any word of a search may match."""
    used = preferred_surname or surname
    words = dict.fromkeys(f"{known_as} {forenames} {used} {surname}".split())
    return names.sort_key(used, known_as), names.search_key(" ".join(words))


class PupilUpn(TenantOwned, Base):
    """The unique pupil number, apart from the pupil so that only the admin's own screens can show it."""

    __tablename__ = "pupil_upn"
    __table_args__ = (within_tenant("pupil_id", "pupil"),)

    pupil_id: Mapped[UUID]
    upn: Mapped[str]


class PupilNeed(TenantOwned, Base):
    """A type of need as the school census ranks them."""

    __tablename__ = "pupil_need"
    __table_args__ = (within_tenant("pupil_id", "pupil"),)

    pupil_id: Mapped[UUID]
    rank: Mapped[int]
    code: Mapped[str]


class Access(StrEnum):
    """What a guardian may see. A barred parent cannot even tell that the link exists."""

    PENDING = "pending"
    ACTIVE = "active"
    RESTRICTED = "restricted"
    BARRED = "barred"


class Contact(TenantOwned, Base):
    """An adult to be reached about a pupil. Parental responsibility is a fact of law, not a courtesy."""

    __tablename__ = "contact"
    __table_args__ = (within_tenant("pupil_id", "pupil"),)

    pupil_id: Mapped[UUID]
    name: Mapped[str]
    relationship: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    phone: Mapped[str | None]
    parental_responsibility: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=1)
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}


class Guardianship(TenantOwned, Base):
    """A contact's way into the family portal for one child.

    PostgreSQL fills the copied names and responsibility, and finds the person by the contact's e-mail address.
    """

    __tablename__ = "guardianship"
    __table_args__ = (within_tenant("contact_id", "contact"),)

    pupil_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    status: Mapped[Access] = mapped_column(default=Access.PENDING)
    parental_responsibility: Mapped[bool] = mapped_column(default=False)
    child_name: Mapped[str] = mapped_column(default="")
    school_name: Mapped[str] = mapped_column(default="")
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def activate(self, *, by: UUID, at: datetime) -> None:
        if self.status is not Access.PENDING:
            raise Conflict("This person’s access has already been decided.")
        self.status, self.confirmed_by, self.confirmed_at = Access.ACTIVE, by, at


class AccessChange(TenantOwned, Base):
    """Less or more access for a guardian: proposed by the headteacher or the safeguarding lead, confirmed by the other.

    PostgreSQL works out whether it lifts, and moves the guardianship: a bar at once, a lift when confirmed.
    """

    __tablename__ = "access_change"
    __table_args__ = (within_tenant("guardianship_id", "guardianship", "pupil_id"),)

    guardianship_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    to_status: Mapped[Access]
    lifts: Mapped[bool] = mapped_column(server_default=FetchedValue())
    reason: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_role: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_by: Mapped[UUID | None]
    confirmed_role: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.withdrawn_at is None

    def confirm(self, *, by: UUID, role: str, at: datetime) -> None:
        if not self.is_open:
            raise Conflict("This change has already been confirmed or taken back.")
        if by == self.proposed_by or role == self.proposed_role:
            raise Conflict("Somebody else must confirm this: one of you is not enough.")
        self.confirmed_by, self.confirmed_role, self.confirmed_at = by, role, at

    def withdraw(self, *, at: datetime) -> None:
        if not self.is_open or not self.lifts:
            raise Conflict("Only a proposal to open access that nobody has confirmed can be taken back.")
        self.withdrawn_at = at


class RollImport(TenantOwned, Base):
    """A file between looking at it and saying yes. Emptied when confirmed, swept after a day."""

    __tablename__ = "roll_import"

    person_id: Mapped[UUID]
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    unused_headings: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)

    def confirm(self, *, added: int, changed: int, at: datetime) -> None:
        if self.confirmed_at is not None:
            raise Conflict("This file has already been imported.")
        self.confirmed_at, self.added, self.changed, self.rows = at, added, changed, []


class RollExport(TenantOwned, Base):
    """Who took the roll with its UPNs away, and when. Never changed."""

    __tablename__ = "roll_export"

    person_id: Mapped[UUID]
    pupils: Mapped[int]
    exported_at: Mapped[datetime] = mapped_column(default=now)
