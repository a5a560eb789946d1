"""What a child and what a family said. Never changed: a new view stands beside the old one."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class PupilView(TenantOwned, Base):
    """A child's own words, drawing or choice, with the name of whoever wrote it down."""

    __tablename__ = "pupil_view"
    __table_args__ = (within_tenant("pupil_id", "pupil"),)

    pupil_id: Mapped[UUID]
    said_on: Mapped[date]
    method: Mapped[str]
    words: Mapped[str]
    written_down_by: Mapped[str]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class FamilyView(TenantOwned, Base):
    """Words of one adult of the family. Another adult of the same child never reads them."""

    __tablename__ = "family_view"
    __table_args__ = (within_tenant("guardianship_id", "guardianship", "pupil_id"),)

    pupil_id: Mapped[UUID]
    guardianship_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    said_by: Mapped[str]
    method: Mapped[str]
    words: Mapped[str]
    recorded_by: Mapped[UUID | None]
    said_at: Mapped[datetime] = mapped_column(default=now)
