"""A school's request for Locality SEND Support, and the order in which it moves."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


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


BEFORE_SENDING = frozenset({Status.DRAFT, Status.WITH_FAMILY, Status.AGREED, Status.AUTHORISED})
CLOSED = frozenset({Status.DECIDED, Status.WITHDRAWN})


class LssRequest(TenantOwned, Base):
    """Written by the SENDCO, read and agreed at home, authorised by the head, then sent. Changing it starts again."""

    __tablename__ = "lss_request"
    __table_args__ = (within_tenant("pupil_id", "pupil"), within_tenant("ask_id", "consent_ask"))

    pupil_id: Mapped[UUID]
    plan_id: Mapped[UUID | None]
    reference: Mapped[str]
    kind: Mapped[Kind]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    why_now: Mapped[str] = mapped_column(default="")
    tried: Mapped[str] = mapped_column(default="")
    strengths: Mapped[str] = mapped_column(default="")
    needs: Mapped[str] = mapped_column(default="")
    pupil_view: Mapped[str] = mapped_column(default="")
    family_view: Mapped[str] = mapped_column(default="")
    wanted: Mapped[str] = mapped_column(default="")
    outcomes: Mapped[str] = mapped_column(default="")
    amount_pence: Mapped[int | None]
    terms: Mapped[int | None]
    provision_cost_pence: Mapped[int] = mapped_column(default=0)
    reviewed_cycles: Mapped[int] = mapped_column(default=0)
    ask_id: Mapped[UUID | None]
    share_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    editors: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    authorised_by: Mapped[UUID | None]
    authorised_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    decision: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def reopen(self, *, by: UUID) -> None:
        """Back to a draft: what anybody agreed to or authorised was the version before."""
        if self.status not in BEFORE_SENDING and self.status is not Status.MORE_INFORMATION:
            raise Conflict("This request has been sent. It cannot be changed now.")
        self.status = Status.DRAFT
        self.editors = sorted({*self.editors, by})
        self.ask_id = self.authorised_by = self.authorised_at = None

    def await_family(self, ask_id: UUID) -> None:
        if self.status is not Status.DRAFT:
            raise Conflict("The family has already been asked about this request.")
        self.status, self.ask_id = Status.WITH_FAMILY, ask_id

    def note_answer(self, *, given: bool) -> bool:
        """Follow what the family says until the request is sent. True when something changed."""
        if self.status not in {Status.WITH_FAMILY, Status.AGREED, Status.AUTHORISED}:
            return False
        agreed = self.status is not Status.WITH_FAMILY
        if agreed is given:
            return False
        self.status = Status.AGREED if given else Status.WITH_FAMILY
        return True

    def authorise(self, *, by: UUID, at: datetime) -> None:
        if self.status not in {Status.WITH_FAMILY, Status.AGREED}:
            raise Conflict("This request is not waiting for the headteacher.")
        self.status, self.authorised_by, self.authorised_at = Status.AUTHORISED, by, at

    def submit(self, *, share_id: UUID, at: datetime) -> None:
        if self.status is not Status.AUTHORISED:
            raise Conflict("The headteacher must authorise this request before you send it.")
        self.status, self.share_id, self.submitted_at = Status.SUBMITTED, share_id, at

    def withdraw(self) -> None:
        if self.status in CLOSED:
            raise Conflict("This request is already closed.")
        self.status = Status.WITHDRAWN

    def take_decision(self, decision: dict[str, Any], *, at: datetime) -> None:
        if self.status is Status.WITHDRAWN:
            raise Conflict("This request was withdrawn.")
        more = decision.get("outcome") == "more_information"
        self.status = Status.MORE_INFORMATION if more else Status.DECIDED
        self.decision, self.decided_at = decision, at
