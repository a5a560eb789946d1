"""Which checked documents of the child go with a request or a referral."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, column, delete, or_, select, table

from app.casework.models import Evidence
from app.kernel.errors import Invalid
from app.sharing.documents import CleanDocument
from infrastructure.database.door import db

_document = table(
    "document",
    *map(column, ("tenant_id", "id", "pupil_id", "title", "filename", "media_type", "size_bytes", "sha256")),
    *map(column, ("clean_key", "object_version", "status", "created_at")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A clean document of the child, and whether it goes with this one."""

    id: UUID
    title: str
    created_at: datetime
    chosen: bool


def list_choices(pupil_id: UUID, subject_id: UUID) -> list[Choice]:
    """Every clean document of the child, newest first."""
    d = _document.c
    rows = db.session.execute(
        select(d.id, d.title, d.created_at, Evidence.id.is_not(None))
        .select_from(_document)
        .outerjoin(
            Evidence, (Evidence.tenant_id == d.tenant_id) & (Evidence.document_id == d.id) & _of(subject_id)
        )
        .where(d.pupil_id == pupil_id, d.status == "clean")
        .order_by(d.created_at.desc(), d.id.desc())
    )
    return [Choice(*row) for row in rows]


def list_chosen(subject_id: UUID) -> list[CleanDocument]:
    """In the order in which they were added to the child's record."""
    d = _document.c
    rows = db.session.execute(
        select(d.id, d.title, d.filename, d.media_type, d.size_bytes, d.sha256, d.clean_key, d.object_version)
        .select_from(_document)
        .join(Evidence, (Evidence.tenant_id == d.tenant_id) & (Evidence.document_id == d.id))
        .where(_of(subject_id), d.status == "clean")
        .order_by(d.created_at, d.id)
    )
    return [CleanDocument(*row[:5], bytes(row[5]), *row[6:]) for row in rows]


def choose(pupil_id: UUID, document_ids: Iterable[UUID], **subject: UUID) -> None:
    """Exactly these from now on. `subject` is lss_request_id or referral_id. Raises Invalid for anything else."""
    wanted = set(document_ids)
    (subject_id,) = subject.values()
    known = {choice.id for choice in list_choices(pupil_id, subject_id)}
    if not wanted <= known:
        raise Invalid("documents", "Choose documents from the list")
    db.session.execute(delete(Evidence).where(_of(subject_id)))
    db.session.add_all(Evidence(document_id=document_id, **subject) for document_id in sorted(wanted))


def _of(subject_id: UUID) -> ColumnElement[Any]:
    return or_(Evidence.lss_request_id == subject_id, Evidence.referral_id == subject_id)
