"""What follows from an upload: the check, what becomes of the unchecked copy, and who is told of a refusal."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import IO

from flask import current_app

from app.documents import queries
from app.documents.events import DocumentChecked, DocumentShown, DocumentsOverdue, DocumentUploaded
from app.documents.models import Document, Status
from app.kernel.clock import now
from app.kernel.events import record
from app.notifications.service import tell
from infrastructure.adapters import Adapters
from infrastructure.scanning.facts import FileFacts
from infrastructure.scanning.pictures import clean_image
from infrastructure.scanning.refusals import Reason, Refused
from infrastructure.scanning.scanner import Outcome
from infrastructure.scanning.structure import inspect
from infrastructure.storage import NotStored
from workers.errand import Errand
from workers.jobs.plans import tell_guardians

NOT_THERE = "The file did not arrive whole. Add it again"
FORM_IS_OVER, TOO_LATE = timedelta(minutes=15), timedelta(hours=24)


def check_document(event: DocumentUploaded, _: Errand) -> None:
    """Into the clean bucket, or refused. Without a verdict it stays where it is and is tried again: fail closed."""
    document = queries.find_document(event.document_id)
    if document is None or document.status is not Status.CHECKING:
        return
    try:
        _keep_if_clean(document, _adapters())
    except Refused as refused:
        document.refuse(refused.sentence, at=now())
    except NotStored:
        document.refuse(NOT_THERE, at=now())
    record(DocumentChecked(document_id=document.id))


def discard_unchecked_copy(event: DocumentChecked, _: Errand) -> None:
    """Only after the verdict is committed: an attempt that dies before finds the file again."""
    document = queries.find_document(event.document_id)
    if document is not None and document.status in {Status.CLEAN, Status.REFUSED}:
        _adapters().storage.discard_quarantine(document.quarantine_key)


def tell_uploader_of_refusal(event: DocumentChecked, _: Errand) -> None:
    """Staff only: an agency sees it on its page, while it is still there."""
    document = queries.find_document(event.document_id)
    if document is None or document.status is not Status.REFUSED or document.share_id is not None:
        return
    if document.uploaded_by is not None:
        path = f"/documents/{document.id}"
        tell([document.uploaded_by], "document_refused", path, audience="school", pupil_id=document.pupil_id)


def tell_family_of_document(event: DocumentShown, _: Errand) -> None:
    """Everybody with access to the child alike; nobody when it was hidden again meanwhile."""
    document = queries.find_document(event.document_id)
    if document is not None and document.pupil_id is not None and document.shown_to_family:
        tell_guardians("document_shown", document.pupil_id, "/documents")


def sweep_documents(_: DocumentsOverdue, __: Errand) -> None:
    """A file that came without a word is checked after all; what did not come in a day never will."""
    storage, at = _adapters().storage, now()
    for document in queries.list_waiting(at - FORM_IS_OVER):
        if storage.head_quarantine(document.quarantine_key) is not None:
            document.arrive(at=at)
            record(DocumentUploaded(document_id=document.id))
        elif document.created_at < at - TOO_LATE:
            document.abandon(at=at)


def _keep_if_clean(document: Document, adapters: Adapters) -> None:
    """Raises Refused. What was scanned is what is kept: the same bytes, read once from the quarantine."""
    with _checked(document, adapters) as (stream, facts):
        place = document.place_for(facts.sha256)
        version = adapters.storage.keep(
            document.quarantine_key, place, content_type=facts.media_type, sha256=facts.sha256, stream=stream
        )
    document.accept(
        media_type=facts.media_type,
        size=facts.size,
        sha256=facts.sha256,
        clean_key=place,
        object_version=version,
        at=now(),
    )


@contextlib.contextmanager
def _checked(document: Document, adapters: Adapters) -> Iterator[tuple[IO[bytes], FileFacts]]:
    """Structure first, because a scanner must not be fed a bomb; then malware; then pictures drawn again."""
    with adapters.storage.read_quarantine(document.quarantine_key) as stream:
        facts = inspect(stream, document.filename, document.declared_type)
        verdict = adapters.scanner.scan(stream)
        if verdict.outcome is Outcome.TOO_LARGE:
            raise Refused(Reason.TOO_LARGE)
        if not verdict.is_clean:
            raise Refused(Reason.VIRUS)
        copy, facts = clean_image(stream, facts)
        with contextlib.nullcontext() if copy is stream else contextlib.closing(copy):
            yield copy, facts


def _adapters() -> Adapters:
    adapters: Adapters = current_app.config["ADAPTERS"]
    return adapters
