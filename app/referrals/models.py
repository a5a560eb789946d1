"""A referral of a child to one agency, and the link that leads to it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.casework.models import Case
from app.kernel.clock import now
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class Status(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    WITH_FAMILY = "with_family"
    AGREED = "agreed"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    QUESTION = "question"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"
    WRONG_PERSON = "wrong_person"


# The agency has it, or had it: the link can be sent again.
SENT = frozenset(
    {Status.SENT, Status.ACCEPTED, Status.DECLINED, Status.QUESTION, Status.REPORTED, Status.WRONG_PERSON}
)
# What becomes of a referral by an answer; an acknowledgement moves nothing.
MOVES = {
    "accepted": Status.ACCEPTED,
    "declined": Status.DECLINED,
    "question": Status.QUESTION,
    "report": Status.REPORTED,
    "not_me": Status.WRONG_PERSON,
}


class Referral(Case, Base):
    """Written for one agency, which answers through a link."""

    sent_statuses = SENT

    __tablename__ = "referral"
    __table_args__ = (within_tenant("pupil_id", "pupil"), within_tenant("ask_id", "consent_ask"))

    agency_tenant_id: Mapped[UUID]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    sent_at: Mapped[datetime | None]

    def send(self, *, share_id: UUID, at: datetime) -> None:
        """Again, too: what the agency has said so far stays said, unless it said that nobody there knows of it."""
        if self.status not in {Status.WITH_FAMILY, Status.AGREED} | SENT:
            raise Conflict("The family must read this referral and agree before you send it.")
        again = self.status in SENT and self.status is not Status.WRONG_PERSON
        self._move(self.status if again else Status.SENT)
        self.share_id, self.sent_at = share_id, at

    def take_answer(self, kind: str, answer: dict[str, Any]) -> None:
        if self.was_sent and kind in MOVES:
            self._move(MOVES[kind])
            self.answer = answer


class Link(TenantOwned, Base):
    """The way into one share: open until it runs out, is answered and two weeks have passed, or is closed.

    Only jobs read the mailbox and the hash; the school sees the rest.
    """

    __tablename__ = "link"

    guest_tenant_id: Mapped[UUID]
    share_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(deferred=True)
    mailbox: Mapped[str] = mapped_column(deferred=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_because: Mapped[str | None]

    def close(self, because: str, *, at: datetime) -> None:
        self.closed_at, self.closed_because = at, because

    def answer(self, *, at: datetime, until: date) -> None:
        """The first answer shortens or lengthens its life, later ones do not."""
        if self.answered_at is None:
            self.answered_at, self.expires_on = at, until
