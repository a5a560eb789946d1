"""A school's request for Locality SEND Support, and the order in which it moves."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.models import Case
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import within_tenant


class Kind(StrEnum):
    """What a school may ask its locality for."""

    DISCUSSION = "discussion"
    ADVICE = "advice"
    SCHOOL_TO_SCHOOL = "school_to_school"
    TRAINING = "training"
    MONEY = "money"


class Status(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    WITH_FAMILY = "with_family"
    AGREED = "agreed"
    AUTHORISED = "authorised"
    SUBMITTED = "submitted"
    MORE_INFORMATION = "more_information"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class LssRequest(Case, Base):
    """Besides what every case goes through, the headteacher authorises it before it is sent."""

    sent_statuses = frozenset({Status.SUBMITTED, Status.MORE_INFORMATION})
    changeable_when_sent = frozenset({Status.MORE_INFORMATION})
    ended_statuses = frozenset({Status.DECIDED, Status.WITHDRAWN})

    __tablename__ = "lss_request"
    __table_args__ = (within_tenant("pupil_id", "pupil"), within_tenant("ask_id", "consent_ask"))

    plan_id: Mapped[UUID | None]
    kind: Mapped[Kind]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    pupil_view: Mapped[str] = mapped_column(default="")
    family_view: Mapped[str] = mapped_column(default="")
    outcomes: Mapped[str] = mapped_column(default="")
    amount_pence: Mapped[int | None]
    terms: Mapped[int | None]
    provision_cost_pence: Mapped[int] = mapped_column(default=0)
    reviewed_cycles: Mapped[int] = mapped_column(default=0)
    editors: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    authorised_by: Mapped[UUID | None]
    authorised_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    decision: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    decided_at: Mapped[datetime | None]

    def edit(self, *, by: UUID) -> None:
        """Whoever has written in it never authorises it, and what was authorised was the version before."""
        self.editors = sorted({*self.editors, by})
        self.authorised_by = self.authorised_at = None

    def authorise(self, *, by: UUID, at: datetime) -> None:
        if self.status not in {Status.WITH_FAMILY, Status.AGREED}:
            raise Conflict("This request is not waiting for the headteacher.")
        self._move(Status.AUTHORISED)
        self.authorised_by, self.authorised_at = by, at

    def check_authorised(self) -> None:
        if self.status is not Status.AUTHORISED:
            raise Conflict("The headteacher must authorise this request before you send it.")

    def submit(self, *, share_id: UUID, at: datetime) -> None:
        self.check_authorised()
        self._move(Status.SUBMITTED)
        self.share_id, self.submitted_at = share_id, at

    def take_decision(self, decision: dict[str, Any], *, at: datetime) -> None:
        if self.status is Status.WITHDRAWN:
            raise Conflict("This request was withdrawn.")
        more = decision.get("outcome") == "more_information"
        self._move(Status.MORE_INFORMATION if more else Status.DECIDED)
        self.decision, self.decided_at = decision, at
