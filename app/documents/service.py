"""What can be done with documents. The bytes travel beside this, in `transfer`: here is only what is known of them."""

import unicodedata
from dataclasses import dataclass
from uuid import UUID

from app.documents import policy
from app.documents.events import DocumentShown, DocumentUploaded
from app.documents.models import Document
from app.kernel.access import Actor, authorise
from app.kernel.clock import now
from app.kernel.errors import Invalid
from app.kernel.events import record
from infrastructure.database.door import db
from infrastructure.scanning.refusals import LARGEST_BYTES, SENTENCES, Reason, Refused
from infrastructure.scanning.structure import media_type_of
from tenants import context

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody says about a file before anybody has looked into it. `size` is None where it is not known."""

    title: str
    filename: str
    size: int | None = None


def start_upload(
    actor: Actor,
    upload: Upload,
    *,
    document_id: UUID,
    pupil_id: UUID | None = None,
    share_id: UUID | None = None,
) -> Document:
    """Announce a document of a pupil, or of the share that an agency answers. Its file has not come yet.

    Raises Invalid for a file that would be refused anyway.
    """
    authorise(actor, policy.can_upload, share_id)
    if problem := problem_with(upload.filename, upload.size):
        raise Invalid("file", problem)
    document = Document(
        id=document_id,
        pupil_id=pupil_id,
        share_id=share_id,
        title=upload.title,
        filename=plain_name(upload.filename),
        declared_type=media_type_of(upload.filename),
        quarantine_key=f"{context.tenant_id()}/{document_id}",
        uploaded_by=actor.person_id,
        uploaded_by_name=actor.name,
    )
    db.session.add(document)
    db.session.flush()  # PostgreSQL takes an announcement first; only then may it say that the file has arrived
    return document


def complete_upload(actor: Actor, document: Document) -> None:
    """The whole file lies in quarantine. Saying so twice is harmless."""
    authorise(actor, policy.can_upload, document.share_id if document.pupil_id is None else None)
    if document.has_arrived:
        return
    document.arrive(at=now())
    record(DocumentUploaded(document_id=document.id))


def show_to_family(actor: Actor, document: Document, *, quietly: bool = False) -> None:
    """The family is told the first time, not when it is said again; quietly when another message says it."""
    authorise(actor, policy.can_show)
    is_news = not document.shown_to_family
    document.show(shown=True)
    if is_news and not quietly:
        record(DocumentShown(document_id=document.id))


def hide_from_family(actor: Actor, document: Document) -> None:
    """Whoever has opened it already keeps what they have read; the page no longer offers it."""
    authorise(actor, policy.can_show)
    document.show(shown=False)


def problem_with(filename: str, size: int | None) -> str:
    """What can be said against a file by its name and size alone, as a sentence; "" when nothing can."""
    try:
        media_type_of(filename)
    except Refused as refused:
        return refused.sentence
    if size == 0:
        return SENTENCES[Reason.EMPTY]
    return SENTENCES[Reason.TOO_LARGE] if size is not None and size > LARGEST_BYTES else ""


def plain_name(filename: str) -> str:
    """The last part of what a browser sends, without marks that nobody can see; the end stays, with the type."""
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if not unicodedata.category(c).startswith("C")).strip()[-LONGEST_NAME:]
