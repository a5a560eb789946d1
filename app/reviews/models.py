"""A review of an agreed plan, and how each of its targets went. Never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class Review(TenantOwned, Base):
    """A plan has one review; the next plan has the next."""

    __tablename__ = "review"
    __table_args__ = (within_tenant("plan_id", "plan", "pupil_id"),)

    plan_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    held_on: Mapped[date]
    parent_took_part: Mapped[str]
    parent_comment: Mapped[str] = mapped_column(default="")
    child_comment: Mapped[str] = mapped_column(default="")
    child_method: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    next_review_on: Mapped[date | None]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(default=now)


class ReviewOutcome(TenantOwned, Base):
    """How one target went, by a code of the scale."""

    __tablename__ = "review_outcome"
    __table_args__ = (within_tenant("review_id", "review", "pupil_id"), within_tenant("target_id", "target"))

    review_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    target_id: Mapped[UUID]
    outcome: Mapped[str]
    evidence: Mapped[str] = mapped_column(default="")
