"""Asks, answers, withdrawals, shares and their documents. Only an ask is ever closed and a share ever revoked."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class Purpose(StrEnum):
    """What the school asks for."""

    LSS = "lss"
    REFERRAL = "referral"
    EHC = "ehc"


class Method(StrEnum):
    """How an adult answered."""

    PORTAL = "portal"
    PAPER = "paper"
    PHONE = "phone"
    MEETING = "meeting"


class ConsentAsk(TenantOwned, Base):
    """Exactly what would be shared, with whom and why, frozen together with the words that the family reads."""

    __tablename__ = "consent_ask"
    __table_args__ = (within_tenant("pupil_id", "pupil"),)

    pupil_id: Mapped[UUID]
    purpose: Mapped[str]
    subject_id: Mapped[UUID]
    guest_tenant_id: Mapped[UUID]
    guest_name: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_hash: Mapped[bytes]
    wording: Mapped[str]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]

    def check_open(self) -> None:
        if self.closed_at is not None:
            raise Conflict(
                "The school has closed this question, because it has asked again or taken it back. "
                "If there is a new question, please read and answer that one."
            )

    def close(self, *, at: datetime) -> None:
        self.check_open()
        self.closed_at = at


class Consent(TenantOwned, Base):
    """One adult's answer to an ask, yes or no. A changed mind is a new row."""

    __tablename__ = "consent"
    __table_args__ = (
        within_tenant("ask_id", "consent_ask"),
        within_tenant("guardianship_id", "guardianship"),
        within_tenant("contact_id", "contact"),
    )

    ask_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    given: Mapped[bool]
    method: Mapped[str]
    basis: Mapped[str] = mapped_column(default="parental_responsibility")
    guardianship_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    said_by: Mapped[str]
    content_hash: Mapped[bytes]
    wording_hash: Mapped[bytes]
    comment: Mapped[str] = mapped_column(default="")
    told_about_ehc: Mapped[bool] = mapped_column(default=False)
    recorded_by: Mapped[UUID | None]
    given_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    expires_on: Mapped[date]


class ConsentWithdrawal(TenantOwned, Base):
    """A yes taken back. PostgreSQL ends every share that stands on it before this row is there for anybody else."""

    __tablename__ = "consent_withdrawal"
    __table_args__ = (within_tenant("consent_id", "consent"),)

    consent_id: Mapped[UUID]
    pupil_id: Mapped[UUID]
    method: Mapped[str]
    guardianship_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    said_by: Mapped[str]
    recorded_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime] = mapped_column(default=now)


class Share(TenantOwned, Base):
    """What one guest may read until a day, and nothing else: a copy that is never changed."""

    __tablename__ = "share"
    __table_args__ = (within_tenant("consent_id", "consent"), within_tenant("pupil_id", "pupil"))

    guest_tenant_id: Mapped[UUID]
    kind: Mapped[str]
    pupil_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_hash: Mapped[bytes]
    consent_id: Mapped[UUID | None]
    other_basis: Mapped[str | None]
    expires_on: Mapped[date]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    def revoke(self, because: str, *, at: datetime) -> None:
        if self.revoked_at is not None:
            raise Conflict("Sharing has already stopped.")
        self.revoked_at, self.revoked_because = at, because


class ShareDocument(TenantOwned, Base):
    """A checked document that goes with a share: where the very version lies that the family agreed to."""

    __tablename__ = "share_document"

    guest_tenant_id: Mapped[UUID]
    share_id: Mapped[UUID]
    title: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[bytes]
    clean_key: Mapped[str]
    object_version: Mapped[str]
