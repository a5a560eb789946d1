"""How the bytes of a document come and go: the only file of this room that touches the storage."""

from typing import Protocol
from uuid import UUID

from flask import current_app
from werkzeug.datastructures import FileStorage

from app.documents import service
from app.documents.models import Document
from app.documents.queries import CleanCopy
from app.documents.service import Upload
from app.kernel.access import Actor
from app.kernel.errors import Invalid
from app.web.uploads import ROOM
from infrastructure.scanning.refusals import LARGEST_BYTES, SENTENCES, Reason
from infrastructure.storage import Storage, StorageUnavailable, TooLarge, UploadForm

# A bit more than a file may have: one that is a little too large is answered beside its field.
LARGEST_REQUEST = LARGEST_BYTES + ROOM
NOT_UPLOADED = "The selected file could not be uploaded – try again"
NOT_ARRIVED = "The file did not arrive. Choose it and send it again"


class Placed(Protocol):
    """Anything that says where a checked copy lies."""

    @property
    def clean_key(self) -> str: ...
    @property
    def object_version(self) -> str: ...
    @property
    def filename(self) -> str: ...
    @property
    def media_type(self) -> str: ...


def take_in(
    actor: Actor,
    file: FileStorage,
    upload: Upload,
    *,
    document_id: UUID,
    pupil_id: UUID | None = None,
    share_id: UUID | None = None,
) -> Document:
    """A plain form brought the file itself: into quarantine, and to be checked. Raises Invalid for the field `file`."""
    document = service.start_upload(
        actor, upload, document_id=document_id, pupil_id=pupil_id, share_id=share_id
    )
    try:
        _storage().put_quarantine(
            document.quarantine_key,
            file.stream,
            content_type=document.declared_type,
            max_bytes=LARGEST_BYTES,
        )
    except TooLarge:
        raise Invalid("file", SENTENCES[Reason.TOO_LARGE]) from None
    except StorageUnavailable:
        raise Invalid("file", NOT_UPLOADED) from None
    service.complete_upload(actor, document)
    return document


def form_for(document: Document) -> UploadForm:
    """With a script: where the browser may post this one file, for ten minutes, of this type and size."""
    return _storage().upload_form(
        document.quarantine_key, content_type=document.declared_type, max_bytes=LARGEST_BYTES
    )


def finish(actor: Actor, document: Document) -> None:
    """The browser says that it has sent the file. Raises Invalid when there is none."""
    if not document.has_arrived and _storage().head_quarantine(document.quarantine_key) is None:
        raise Invalid("file", NOT_ARRIVED)
    service.complete_upload(actor, document)


def download_url(copy: Placed) -> str:
    """For a minute, this version only. A redirect leads there; it is never stored, logged or mailed."""
    return _storage().download_url(
        copy.clean_key,
        version_id=copy.object_version,
        filename=copy.filename,
        content_type=copy.media_type,
    )


def guest_download_url(clean_key: str, object_version: str, filename: str, media_type: str) -> str:
    """The same for a document that goes with a share, whose guest reads where it lies from the share itself."""
    return download_url(CleanCopy(None, clean_key, object_version, filename, media_type))


def size_of(file: FileStorage) -> int:
    """Without holding it in memory; the file is left at its beginning."""
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return size


def _storage() -> Storage:
    storage: Storage = current_app.config["ADAPTERS"].storage
    return storage
