"""Finding documents. `load_…` returns an entity to change; everything else is one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.documents.models import Document, Status
from app.kernel.errors import Conflict, NotFound
from infrastructure.database.door import db

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
UNKNOWN_TYPE = "application/octet-stream"
TAGS = {
    Status.AWAITING_UPLOAD: {"text": "Not arrived", "classes": "govuk-tag--grey"},
    Status.CHECKING: {"text": "Checking", "classes": "govuk-tag--blue"},
    Status.CLEAN: {"text": "Checked", "classes": "govuk-tag--green"},
    Status.REFUSED: {"text": "Not accepted", "classes": "govuk-tag--red"},
    Status.ABANDONED: {"text": "Not arrived", "classes": "govuk-tag--grey"},
}


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document on a page. Never where it lies."""

    id: UUID
    pupil_id: UUID | None
    title: str
    filename: str
    size_bytes: int | None
    status: Status
    problem: str | None
    shown_to_family: bool
    uploaded_by: UUID | None
    uploaded_by_name: str
    created_at: datetime
    checked_at: datetime | None

    @property
    def is_clean(self) -> bool:
        return self.status is Status.CLEAN

    @property
    def tag(self) -> dict[str, str]:
        return TAGS[self.status]

    def is_watched_by(self, person_id: UUID) -> bool:
        """Their own page asks again and again while the check goes on: that is waiting, not looking."""
        return self.status is Status.CHECKING and self.uploaded_by == person_id

    @property
    def size(self) -> str:
        """As people read it: 820KB, 3.4MB."""
        return said_size(self.size_bytes)


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """What a family is shown: a checked paper, on purpose."""

    id: UUID
    title: str
    filename: str
    size_bytes: int | None
    checked_at: datetime | None

    @property
    def size(self) -> str:
        return said_size(self.size_bytes)


@dataclass(frozen=True, slots=True)
class CleanCopy:
    """Where exactly the checked copy lies, for whoever may open it now."""

    pupil_id: UUID | None
    clean_key: str
    object_version: str
    filename: str
    media_type: str


def load_document(document_id: UUID) -> Document:
    """Raises NotFound, also for a document of another tenant or of another teacher's pupil."""
    document = find_document(document_id)
    if document is None:
        raise NotFound
    return document


def find_document(document_id: UUID) -> Document | None:
    return db.session.scalar(select(Document).where(Document.id == document_id))


def get_document(document_id: UUID) -> DocumentRead:
    row = db.session.execute(select(*_READ).where(Document.id == document_id)).first()
    if row is None:
        raise NotFound
    return DocumentRead(*row)


def list_documents(pupil_id: UUID) -> list[DocumentRead]:
    """Newest first, without those whose file never came."""
    rows = db.session.execute(
        select(*_READ)
        .where(Document.pupil_id == pupil_id, Document.status != Status.ABANDONED)
        .order_by(Document.created_at.desc(), Document.id.desc())
    )
    return [DocumentRead(*row) for row in rows]


def list_shown(pupil_id: UUID) -> list[ShownDocument]:
    """For the family, newest first: checked, and shown on purpose."""
    d = Document
    rows = db.session.execute(
        select(d.id, d.title, d.filename, d.size_bytes, d.checked_at)
        .where(d.pupil_id == pupil_id, d.shown_to_family, d.status == Status.CLEAN)
        .order_by(d.checked_at.desc(), d.id.desc())
    )
    return [ShownDocument(*row) for row in rows]


def list_of_share(share_id: UUID) -> list[DocumentRead]:
    """What this agency has sent, or is sending, on one share; oldest first."""
    rows = db.session.execute(
        select(*_READ).where(Document.share_id == share_id).order_by(Document.created_at, Document.id)
    )
    return [DocumentRead(*row) for row in rows]


def get_copy(document_id: UUID) -> CleanCopy:
    """Raises NotFound for what this reader must not know of, and Conflict for what is not checked."""
    d = Document
    # Only columns that a family may read, too.
    columns = (d.status, d.pupil_id, d.clean_key, d.object_version, d.filename, d.media_type)
    row = db.session.execute(select(*columns).where(d.id == document_id)).first()
    if row is None:
        raise NotFound
    if row.status is not Status.CLEAN:
        raise Conflict("This document cannot be opened, because it has not passed our checks.")
    return CleanCopy(
        row.pupil_id, row.clean_key, row.object_version, row.filename, row.media_type or UNKNOWN_TYPE
    )


def list_waiting(before: datetime, most: int = 500) -> Sequence[Document]:
    """Announced before then and never completed, oldest first."""
    return db.session.scalars(
        select(Document)
        .where(Document.status == Status.AWAITING_UPLOAD, Document.created_at < before)
        .order_by(Document.created_at, Document.id)
        .limit(most)
    ).all()


def said_size(size_bytes: int | None) -> str:
    if size_bytes is None:
        return ""
    if size_bytes < MEGABYTE:
        return f"{max(1, round(size_bytes / KILOBYTE))}KB"
    return f"{size_bytes / MEGABYTE:.1f}MB"


_READ: tuple[Any, ...] = (
    Document.id,
    Document.pupil_id,
    Document.title,
    Document.filename,
    Document.size_bytes,
    Document.status,
    Document.problem,
    Document.shown_to_family,
    Document.uploaded_by,
    Document.uploaded_by_name,
    Document.created_at,
    Document.checked_at,
)
