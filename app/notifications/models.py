"""A message to one person."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.notifications.kinds import KINDS, Kind
from infrastructure.database.door import Base
from tenants.owned import TenantOwned


class Notification(TenantOwned, Base):
    """`kind` is a key of KINDS and `path` is a page on the recipient's own host."""

    __tablename__ = "notification"

    person_id: Mapped[UUID]
    audience: Mapped[str]
    kind: Mapped[str]
    path: Mapped[str]
    pupil_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]

    @property
    def words(self) -> Kind:
        return KINDS[self.kind]

    def read(self, *, at: datetime) -> None:
        """The first time counts."""
        self.read_at = self.read_at or at
