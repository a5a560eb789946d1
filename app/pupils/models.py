"""Pupils, their classes' side of things, contacts and guardians."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class Pupil(TenantOwned, Base):
    """A child on the roll of one school. Names are stored as typed; keys for sorting and searching beside them."""

    __tablename__ = "pupil"
    __table_args__ = (within_tenant("class_id", "school_class"),)

    legal_surname: Mapped[str]
    legal_forenames: Mapped[str]
    preferred_forename: Mapped[str]
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
    def full_name(self) -> str:
        return f"{self.preferred_forename} {self.legal_surname}"

    @property
    def name_for_panel(self) -> str:
        """First name and surname initial: all that leaves the school with a request to the locality."""
        return f"{self.preferred_forename} {self.legal_surname[0]}"


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
    """A contact's way into the family portal for one child. PostgreSQL fills the copied names and responsibility."""

    __tablename__ = "guardianship"
    __table_args__ = (within_tenant("contact_id", "contact"),)

    pupil_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    person_id: Mapped[UUID]
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
