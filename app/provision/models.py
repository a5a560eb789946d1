"""A line of provision: help that a child gets, how much of it, and what it costs."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.provision import costing
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class Provision(TenantOwned, Base):
    """One line of a plan. Its cost is worked out whenever the line changes, and stored."""

    __tablename__ = "provision"
    __table_args__ = (within_tenant("plan_id", "plan", "pupil_id"),)

    plan_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    position: Mapped[int]
    name: Mapped[str]
    who: Mapped[str]
    hourly_rate_pence: Mapped[int] = mapped_column(default=0)
    minutes_per_session: Mapped[int]
    sessions_per_week: Mapped[int]
    weeks: Mapped[int]
    group_size: Mapped[int]
    one_off_pence: Mapped[int] = mapped_column(default=0)
    cost_pence: Mapped[int]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def work_out_cost(self) -> None:
        """Staff time shared by the group, plus what is bought once."""
        time_pence = costing.line_cost_pence(
            hourly_rate_pence=self.hourly_rate_pence,
            minutes_per_session=self.minutes_per_session,
            sessions_per_week=self.sessions_per_week,
            weeks=self.weeks,
            group_size=self.group_size,
        )
        self.cost_pence = costing.total_pence((time_pence, self.one_off_pence))
