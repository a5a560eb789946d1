"""Take a file only if it is of a kind we know, through and through."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from infrastructure.limits import TookTooLong
from infrastructure.scanning import kinds
from infrastructure.scanning.facts import FileFacts, measure
from infrastructure.scanning.refusals import LARGEST_BYTES, Reason, Refused

OOXML = "application/vnd.openxmlformats-officedocument"
# A browser that calls the file active content is believed, whatever the name says.
ACTIVE = {
    "application/javascript",
    "application/xhtml+xml",
    "application/xml",
    "application/x-msdownload",
    "image/svg+xml",
    "text/html",
    "text/javascript",
    "text/xml",
}


@dataclass(frozen=True, slots=True)
class Kind:
    media_type: str
    check: Callable[[IO[bytes], str], None]


KINDS = {
    "pdf": Kind("application/pdf", kinds.check_pdf),
    "docx": Kind(f"{OOXML}.wordprocessingml.document", kinds.check_office),
    "xlsx": Kind(f"{OOXML}.spreadsheetml.sheet", kinds.check_office),
    "pptx": Kind(f"{OOXML}.presentationml.presentation", kinds.check_office),
    "odt": Kind("application/vnd.oasis.opendocument.text", kinds.check_opendocument),
    "rtf": Kind("application/rtf", kinds.check_rtf),
    "txt": Kind("text/plain", kinds.check_text),
    "jpg": Kind("image/jpeg", kinds.check_picture),
    "png": Kind("image/png", kinds.check_picture),
    "heic": Kind("image/heic", kinds.check_picture),
    "mp3": Kind("audio/mpeg", kinds.check_sound),
    "m4a": Kind("audio/mp4", kinds.check_sound),
}
ALSO_CALLED = {"jpeg": "jpg"}


def inspect(stream: IO[bytes], filename: str, declared_type: str = "") -> FileFacts:
    """What the file really is, or Refused with a sentence for the person. The stream is left at its start."""
    extension = extension_of(filename)
    kind = KINDS.get(extension)
    if kind is None or declared_type.partition(";")[0].strip().lower() in ACTIVE:
        raise Refused(Reason.WRONG_TYPE)
    _check_size(stream.seek(0, 2))
    stream.seek(0)
    try:
        kind.check(stream, kind.media_type)
    except (MemoryError, TookTooLong):
        raise Refused(Reason.UNREADABLE) from None
    return measure(stream, media_type=kind.media_type, extension=extension)


def media_type_of(filename: str) -> str:
    """What to sign an upload for, before anybody has seen the file."""
    kind = KINDS.get(extension_of(filename))
    if kind is None:
        raise Refused(Reason.WRONG_TYPE)
    return kind.media_type


def extension_of(filename: str) -> str:
    extension = PurePosixPath(filename.replace("\\", "/")).suffix.removeprefix(".").lower()
    return ALSO_CALLED.get(extension, extension)


def _check_size(size: int) -> None:
    if size == 0:
        raise Refused(Reason.EMPTY)
    if size > LARGEST_BYTES:
        raise Refused(Reason.TOO_LARGE)
