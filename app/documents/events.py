"""What happens to documents."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUploaded(Event):
    """The whole file lies in quarantine and can be checked."""

    document_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChecked(Event):
    """It is clean or refused; the document itself says which."""

    document_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentShown(Event):
    """The family may open it from now on, unless it is hidden again."""

    document_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsOverdue(Event):
    """The hour has come to look after uploads that nobody completed."""
