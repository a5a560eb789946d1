"""Finding the one referral that a link leads to. PostgreSQL shows no other, and this one only while it is shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, column, func, select, table

from app.kernel.errors import Gone, NotFound
from app.sharing.reading import Line, lines_of
from infrastructure.database.door import db
from tenants.registry import Tenant

_share = table(
    "share", *map(column, ("tenant_id", "id", "guest_tenant_id", "content", "expires_on", "created_at"))
)
_document = table(
    "share_document",
    *map(
        column,
        ("tenant_id", "id", "guest_tenant_id", "share_id", "title", "filename", "media_type", "size_bytes"),
    ),
    *map(column, ("clean_key", "object_version")),
)
_reply = table(
    "reply", *map(column, ("id", "share_id", "kind", "content", "author_name", "author_role", "issued_at"))
)


@dataclass(frozen=True, slots=True)
class DocumentRead:
    id: UUID
    title: str
    filename: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ReferralRead:
    """What the school shared. `home_id` is whom an answer goes to."""

    share_id: UUID
    home_id: UUID
    school_name: str
    content: Mapping[str, Any]
    expires_on: date
    created_at: datetime
    documents: tuple[DocumentRead, ...]

    @property
    def lines(self) -> list[Line]:
        return [line for line in lines_of(self.content) if not line.label.startswith("Documents")]

    @property
    def reference(self) -> str:
        return str(self.content.get("reference", ""))


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """What was answered from this mailbox so far, whoever did it."""

    kind: str
    content: Mapping[str, Any]
    author_name: str
    author_role: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a shared document lies. As `app.documents.transfer` needs it."""

    filename: str
    media_type: str
    clean_key: str
    object_version: str


def get_referral(share_id: UUID | None) -> ReferralRead:
    """Raises Gone when the share has ended since the session began."""
    s, d = _share.c, _document.c
    facts = func.json_build_array(d.id, d.title, d.filename, d.size_bytes)
    mine = and_(d.tenant_id == s.tenant_id, d.guest_tenant_id == s.guest_tenant_id, d.share_id == s.id)
    documents = select(func.json_agg(facts).aggregate_order_by(d.title, d.id)).where(mine).correlate(_share)
    row = db.session.execute(
        select(
            s.id, s.tenant_id, Tenant.name, s.content, s.expires_on, s.created_at, documents.scalar_subquery()
        )
        .join(Tenant, Tenant.id == s.tenant_id)
        .where(s.id == share_id)
    ).first()
    if row is None:
        raise Gone("This link is closed.")
    found = tuple(DocumentRead(UUID(key), *rest) for key, *rest in row[6] or ())
    return ReferralRead(*(*row[:6], found))


def list_answers(share_id: UUID) -> list[AnswerRead]:
    """Newest first."""
    y = _reply.c
    rows = db.session.execute(
        select(y.kind, y.content, y.author_name, y.author_role, y.issued_at)
        .where(y.share_id == share_id)
        .order_by(y.issued_at.desc(), y.id.desc())
    )
    return [AnswerRead(*row) for row in rows]


def count_answers(share_id: UUID, since: datetime) -> int:
    y = _reply.c
    counted = select(func.count()).select_from(_reply).where(y.share_id == share_id, y.issued_at > since)
    return db.session.scalar(counted) or 0


def find_document(share_id: UUID | None, document_id: UUID) -> Stored:
    d = _document.c
    row = db.session.execute(
        select(d.filename, d.media_type, d.clean_key, d.object_version).where(
            d.share_id == share_id, d.id == document_id
        )
    ).first()
    if row is None:
        raise NotFound
    return Stored(*row)
