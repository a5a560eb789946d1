"""A restricted note."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class SafeguardingNote(TenantOwned, Base):
    """Never changed and never removed: a correction is a new note that names the one it corrects."""

    __tablename__ = "safeguarding_note"
    __table_args__ = (within_tenant("pupil_id", "pupil"),)

    pupil_id: Mapped[UUID]
    written_by: Mapped[UUID]
    happened_on: Mapped[date]
    words: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(default=now)
    corrects_id: Mapped[UUID | None]
