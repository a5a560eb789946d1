"""A plan, its needs and targets, and who agreed to it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import flag_modified

from app.kernel.clock import now
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class Status(StrEnum):
    """Shared: the family can read it and answer. Agreed: it never changes again."""

    DRAFT = "draft"
    SHARED = "shared"
    AGREED = "agreed"
    SUPERSEDED = "superseded"
    CEASED = "ceased"


LIVE = (Status.DRAFT, Status.SHARED, Status.AGREED)
_WAY_ON = {
    Status.SHARED: "This plan is with the family, so it is no longer a draft. Take it back to change it.",
    Status.AGREED: "This plan is agreed, so it is no longer a draft. Open a new version to change it.",
}


def why_not_a_draft(status: str) -> str:
    """Why a plan cannot be changed, and what to do instead."""
    return _WAY_ON.get(Status(status), "This plan is not used any more, so it is no longer a draft.")


class Plan(TenantOwned, Base):
    """One version of the SEND Support Plan of a child. PostgreSQL moves it to agreed when an agreement is written."""

    __tablename__ = "plan"
    __table_args__ = (within_tenant("pupil_id", "pupil"),)

    pupil_id: Mapped[UUID]
    number: Mapped[int]
    previous_id: Mapped[UUID | None]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    strengths: Mapped[str] = mapped_column(default="")
    difficulties: Mapped[str] = mapped_column(default="")
    outcomes: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    next_review_on: Mapped[date | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    shared_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    ended_because: Mapped[str] = mapped_column(default="")
    ended_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    @property
    def was_shown(self) -> bool:
        """Whether a family has ever been asked to read it, also when it was taken back since."""
        return self.status is not Status.DRAFT or self.taken_back_at is not None

    def check_draft(self) -> None:
        if self.status is not Status.DRAFT:
            raise Conflict(why_not_a_draft(self.status))

    def touch(self) -> None:
        """Say that a part of the plan has changed, so that the version is checked and counted up."""
        flag_modified(self, "number")

    def share(self, *, at: datetime) -> None:
        if self.status is not Status.DRAFT:
            raise Conflict("This plan has already been shared with the family.")
        self.status, self.shared_at = Status.SHARED, at

    def take_back(self, *, at: datetime) -> None:
        if self.status is not Status.SHARED:
            raise Conflict("Only a plan that waits for the family’s answer can be taken back.")
        self.status, self.shared_at, self.taken_back_at = Status.DRAFT, None, at

    def end(self, *, on: date, because: str, by: UUID) -> None:
        if self.status in {Status.SUPERSEDED, Status.CEASED}:
            raise Conflict("This plan is not used any more, so there is nothing to end.")
        if not self.was_shown:
            raise Conflict("The family has never seen this plan. Discard the draft instead.")
        self.status, self.ended_on, self.ended_because, self.ended_by = Status.CEASED, on, because, by

    def check_discardable(self) -> None:
        if self.was_shown:
            raise Conflict("The family has seen this plan, so it stays on record. You can end it instead.")

    def check_answerable(self, version: int) -> None:
        """Whether these very words may be agreed to now; the second of two adults may follow the first."""
        if self.status is Status.AGREED and self.version - version in {0, 1}:
            return
        if self.status is not Status.SHARED:
            raise Conflict("This plan is not waiting for an answer.")
        if self.version != version:
            raise Conflict("The plan has changed since you opened it. Read it again before you answer.")


class PlanNeed(TenantOwned, Base):
    """A type of need, by its national code. Rank 1 is the main one."""

    __tablename__ = "plan_need"
    __table_args__ = (within_tenant("plan_id", "plan", "pupil_id"),)

    plan_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    rank: Mapped[int]
    code: Mapped[str]
    description: Mapped[str] = mapped_column(default="")


class Target(TenantOwned, Base):
    """One thing to work on: where the child is now, how everybody will know, and who does what."""

    __tablename__ = "target"
    __table_args__ = (within_tenant("plan_id", "plan", "pupil_id"),)

    plan_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    position: Mapped[int]
    need_code: Mapped[str]
    title: Mapped[str]
    baseline: Mapped[str]
    success_criterion: Mapped[str]
    school_will: Mapped[str]
    home_will: Mapped[str] = mapped_column(default="")
    pupil_will: Mapped[str] = mapped_column(default="")
    who: Mapped[str]
    how_often: Mapped[str]
    review_by: Mapped[date | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}


class PlanAgreement(TenantOwned, Base):
    """Who answered to exactly which saved version of a plan, when and how. Never changed."""

    __tablename__ = "plan_agreement"
    __table_args__ = (within_tenant("plan_id", "plan", "pupil_id"),)

    plan_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    plan_version: Mapped[int]
    agreed: Mapped[bool]
    method: Mapped[str]
    guardianship_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    said_by: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(default="")
    happened_on: Mapped[date]
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
