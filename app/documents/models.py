"""A document, and the way from its announcement to a checked copy."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class Status(StrEnum):
    """Only a clean document is ever opened. It never goes back."""

    AWAITING_UPLOAD = "awaiting_upload"
    CHECKING = "checking"
    CLEAN = "clean"
    REFUSED = "refused"
    ABANDONED = "abandoned"


class Document(TenantOwned, Base):
    """Of a pupil of this school, or of a share that an agency answers. PostgreSQL lets only jobs call it clean."""

    __tablename__ = "document"
    __table_args__ = (within_tenant("pupil_id", "pupil"),)

    pupil_id: Mapped[UUID | None]
    share_id: Mapped[UUID | None]
    title: Mapped[str]
    filename: Mapped[str]
    declared_type: Mapped[str]
    media_type: Mapped[str | None]
    size_bytes: Mapped[int | None]
    sha256: Mapped[bytes | None]
    status: Mapped[Status] = mapped_column(default=Status.AWAITING_UPLOAD)
    problem: Mapped[str | None]
    quarantine_key: Mapped[str]
    clean_key: Mapped[str | None]
    object_version: Mapped[str | None]
    shown_to_family: Mapped[bool] = mapped_column(default=False)
    uploaded_by: Mapped[UUID | None]
    uploaded_by_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    completed_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    @property
    def has_arrived(self) -> bool:
        return self.status in {Status.CHECKING, Status.CLEAN, Status.REFUSED}

    def place_for(self, sha256: str) -> str:
        """Where the checked copy lies: the content is in the name, so nothing else can ever be there."""
        return f"{self.tenant_id}/{self.id}/{sha256}"

    def arrive(self, *, at: datetime) -> None:
        self._leave(Status.AWAITING_UPLOAD, "This upload has already ended. Add the file again.")
        self.status, self.completed_at = Status.CHECKING, at

    def abandon(self, *, at: datetime) -> None:
        self._leave(Status.AWAITING_UPLOAD, "This file has already arrived.")
        self.status, self.checked_at = Status.ABANDONED, at

    def accept(
        self, *, media_type: str, size: int, sha256: str, clean_key: str, object_version: str, at: datetime
    ) -> None:
        """The check found nothing wrong; its type and size are what was found, not what was said."""
        self._leave(Status.CHECKING, "This document has already been checked.")
        self.status, self.checked_at, self.media_type, self.size_bytes = Status.CLEAN, at, media_type, size
        self.sha256 = bytes.fromhex(sha256)
        self.clean_key, self.object_version = clean_key, object_version

    def refuse(self, problem: str, *, at: datetime) -> None:
        self._leave(Status.CHECKING, "This document has already been checked.")
        self.status, self.problem, self.checked_at = Status.REFUSED, problem, at

    def show(self, *, shown: bool) -> None:
        """To the family, or no longer. Saying the same again changes nothing."""
        self._leave(Status.CLEAN, "Only a document that has been checked can be shown to the family.")
        self.shown_to_family = shown

    def _leave(self, status: Status, otherwise: str) -> None:
        if self.status is not status:
            raise Conflict(otherwise)
