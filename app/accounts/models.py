"""People, their memberships and the invitations that lead to them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned

INVITATION_LASTS = timedelta(days=7)


def _of_member() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant_id", "person_id"], ["membership.tenant_id", "membership.person_id"])


class Person(Base):
    """One human with one address, across organisations. Only the door writes here."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]


class Standing(StrEnum):
    """Where a membership is in its life."""

    INVITED = "invited"
    ACTIVE = "active"
    ENDED = "ended"


class Membership(TenantOwned, Base):
    """What a person is at one organisation. Read for every request, so a change is in force at once."""

    __tablename__ = "membership"

    person_id: Mapped[UUID]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[Standing] = mapped_column(default=Standing.INVITED)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def has(self, *roles: Role) -> bool:
        return not {role.value for role in roles}.isdisjoint(self.roles)

    def take_roles(self, roles: Collection[Role]) -> None:
        if self.status == Standing.ENDED:
            raise Conflict("This person no longer works here. Invite them again first.")
        self.roles = in_order(roles)

    def end(self) -> None:
        if self.status == Standing.ENDED:
            raise Conflict("This person’s access has already ended.")
        self.status = Standing.ENDED

    def begin_again(self, roles: Collection[Role]) -> None:
        self.status = Standing.INVITED
        self.roles = in_order(roles)


class Invitation(TenantOwned, Base):
    """A link by mail that only a POST uses up. Sent again it is the same link: whichever mail is opened works."""

    __tablename__ = "invitation"
    __table_args__ = (_of_member(),)

    person_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    invited_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(default=lambda: now() + INVITATION_LASTS)
    accepted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def extend(self, *, at: datetime) -> None:
        self._refuse_when_answered()
        self.expires_at = at + INVITATION_LASTS

    def cancel(self, *, at: datetime) -> None:
        self._refuse_when_answered()
        self.cancelled_at = at

    def _refuse_when_answered(self) -> None:
        if self.accepted_at is not None:
            raise Conflict("This invitation has already been accepted.")
        if self.cancelled_at is not None:
            raise Conflict("This invitation has already been cancelled.")


class SecondFactorResetRow(TenantOwned, Base):
    """Who reset whose second factor. The row itself does it, by trigger; it is never changed."""

    __tablename__ = "second_factor_reset"
    __table_args__ = (_of_member(),)

    person_id: Mapped[UUID]
    reset_by: Mapped[UUID]


def in_order(roles: Collection[Role]) -> list[str]:
    """Stored in one order, so that the same roles are the same row."""
    return [role.value for role in Role if role in roles]
