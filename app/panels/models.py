"""A meeting, the items on its agenda, who was there, votes, notes and decisions; and who may not take part."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class MeetingStatus(StrEnum):
    PLANNED = "planned"
    PACK_SENT = "pack_sent"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ItemStatus(StrEnum):
    WAITING = "waiting"
    ON_AGENDA = "on_agenda"
    DECIDED = "decided"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


class Choice(StrEnum):
    """What a member votes for. A decision is one of the first four."""

    AGREE = "agree"
    AGREE_IN_PART = "agree_in_part"
    MORE_INFORMATION = "more_information"
    DECLINE = "decline"
    ABSTAIN = "abstain"


class Meeting(TenantOwned, Base):
    """When and where the panel meets, and how many of it must be there."""

    __tablename__ = "meeting"

    title: Mapped[str]
    held_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    status: Mapped[MeetingStatus] = mapped_column(default=MeetingStatus.PLANNED)
    quorum: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def check_open(self) -> None:
        if self.status not in (MeetingStatus.PLANNED, MeetingStatus.PACK_SENT):
            raise Conflict("This meeting is over. Its agenda cannot change and it decides nothing more.")

    def send_pack(self) -> None:
        self.check_open()
        self.status = MeetingStatus.PACK_SENT

    def close(self) -> None:
        self.check_open()
        self.status = MeetingStatus.CLOSED


class PanelItem(TenantOwned, Base):
    """A request of a school before the panel. Only a decision makes it decided, and PostgreSQL does that."""

    __tablename__ = "panel_item"
    __table_args__ = (within_tenant("meeting_id", "meeting"),)

    home_tenant_id: Mapped[UUID]
    share_id: Mapped[UUID]
    meeting_id: Mapped[UUID | None]
    position: Mapped[int | None]
    reference: Mapped[str]
    kind: Mapped[str]
    amount_pence: Mapped[int | None]
    status: Mapped[ItemStatus] = mapped_column(default=ItemStatus.WAITING)
    received_at: Mapped[datetime] = mapped_column(FetchedValue())
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def put_on(self, meeting_id: UUID, *, position: int) -> None:
        if self.status not in (ItemStatus.WAITING, ItemStatus.DEFERRED):
            raise Conflict("This request is already on an agenda or has been decided.")
        self.status, self.meeting_id, self.position = ItemStatus.ON_AGENDA, meeting_id, position

    def take_off(self) -> None:
        self.check_on_agenda()
        self.status, self.meeting_id, self.position = ItemStatus.WAITING, None, None

    def defer(self) -> None:
        self.check_on_agenda()
        self.status, self.meeting_id, self.position = ItemStatus.DEFERRED, None, None

    def check_on_agenda(self) -> None:
        if self.status is ItemStatus.DECIDED:
            raise Conflict("The panel has already decided on this request.")
        if self.status is ItemStatus.WITHDRAWN:
            raise Conflict("This request has been withdrawn. The panel cannot decide on it.")
        if self.status is not ItemStatus.ON_AGENDA:
            raise Conflict("This request is not on an agenda yet.")


class Attendance(TenantOwned, Base):
    """Somebody was at a meeting."""

    __tablename__ = "attendance"
    __table_args__ = (within_tenant("meeting_id", "meeting"),)

    meeting_id: Mapped[UUID]
    person_id: Mapped[UUID]
    recorded_by: Mapped[UUID]


class Vote(TenantOwned, Base):
    """One member's view of one item, once and for all."""

    __tablename__ = "vote"

    home_tenant_id: Mapped[UUID]
    item_id: Mapped[UUID]
    share_id: Mapped[UUID]
    person_id: Mapped[UUID]
    choice: Mapped[Choice]


class PanelNote(TenantOwned, Base):
    """What a member writes for the others of the panel. It never leaves the locality."""

    __tablename__ = "panel_note"

    home_tenant_id: Mapped[UUID]
    item_id: Mapped[UUID]
    share_id: Mapped[UUID]
    person_id: Mapped[UUID]
    words: Mapped[str]


class Recusal(TenantOwned, Base):
    """A conflict of interest. From this row on the item is not there for that person; it is never taken back."""

    __tablename__ = "recusal"

    home_tenant_id: Mapped[UUID]
    share_id: Mapped[UUID]
    person_id: Mapped[UUID]
    kind: Mapped[str]
    reason: Mapped[str]
    declared_by: Mapped[UUID]


class Decision(TenantOwned, Base):
    """What the panel decided and why. PostgreSQL counts who was present and takes the money from the fund."""

    __tablename__ = "decision"

    home_tenant_id: Mapped[UUID]
    item_id: Mapped[UUID]
    share_id: Mapped[UUID]
    meeting_id: Mapped[UUID]
    outcome: Mapped[Choice]
    reason: Mapped[str]
    conditions: Mapped[str]
    fund_id: Mapped[UUID | None]
    amount_pence: Mapped[int | None]
    terms: Mapped[int | None]
    more_because: Mapped[str]
    present: Mapped[int]
    decided_by: Mapped[UUID]
