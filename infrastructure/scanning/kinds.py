"""One check for each kind of file: is it that, and can it be read by everybody who may?"""

import re
from typing import IO

import filetype

from infrastructure.scanning.archives import MAGIC as ZIP_MAGIC
from infrastructure.scanning.archives import unpack
from infrastructure.scanning.pictures import check_pixels
from infrastructure.scanning.refusals import Reason, Refused

HEAD = 8192
SMALL_PART = 1024 * 1024
COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
ENCRYPTED_OPENDOCUMENT = re.compile(rb"encryption-data|encrypted-package")
MARKUP = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<!--.{0,500}?-->\s*)*<(!doctype|\?xml|[a-z][a-z0-9]*[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
VIDEO_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)
SOUND_CONTAINERS = {"audio/mp4", "video/mp4", "video/3gpp"}


def check_pdf(stream: IO[bytes], media_type: str) -> None:
    content = stream.read()
    _check_magic(content[:HEAD], {media_type})
    if ENCRYPTED_PDF.search(content):
        raise Refused(Reason.PASSWORD_PROTECTED)


def check_office(stream: IO[bytes], media_type: str) -> None:
    """Word, Excel and PowerPoint say inside which of them they are; with macros they say something else."""
    parts = _parts(stream, wanted="[Content_Types].xml")
    if any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise Refused(Reason.MACROS)
    if f'"{media_type}.main+xml"'.encode() not in parts.get("[Content_Types].xml", b""):
        raise Refused(Reason.WRONG_TYPE)


def check_opendocument(stream: IO[bytes], media_type: str) -> None:
    parts = _parts(stream, wanted="META-INF/manifest.xml", also="mimetype")
    if ENCRYPTED_OPENDOCUMENT.search(parts.get("META-INF/manifest.xml", b"")):
        raise Refused(Reason.PASSWORD_PROTECTED)
    if parts.get("mimetype", b"").strip() != media_type.encode():
        raise Refused(Reason.WRONG_TYPE)


def check_rtf(stream: IO[bytes], media_type: str) -> None:
    _check_magic(stream.read(HEAD), {media_type})


def check_text(stream: IO[bytes], _media_type: str) -> None:
    """Words alone: not markup that a browser would run, not another kind under this name."""
    content = stream.read()
    if b"\0" in content or MARKUP.match(content) or content.startswith((b"%PDF-", b"{\\rtf", ZIP_MAGIC)):
        raise Refused(Reason.WRONG_TYPE)
    if not any(_decodes(content, encoding) for encoding in ("utf-8", "cp1252")):
        raise Refused(Reason.WRONG_TYPE)


def check_picture(stream: IO[bytes], media_type: str) -> None:
    _check_magic(stream.read(HEAD), {media_type})
    check_pixels(stream, media_type)


def check_sound(stream: IO[bytes], media_type: str) -> None:
    """Phones write a recording into the same box as a film: it is one only if it has a picture."""
    content = stream.read()
    _check_magic(content[:HEAD], SOUND_CONTAINERS if media_type in SOUND_CONTAINERS else {media_type})
    if media_type in SOUND_CONTAINERS and VIDEO_TRACK.search(content):
        raise Refused(Reason.WRONG_TYPE)


def _check_magic(head: bytes, allowed: set[str]) -> None:
    if filetype.guess_mime(head) not in allowed:
        raise Refused(Reason.WRONG_TYPE)


def _parts(stream: IO[bytes], *, wanted: str, also: str = "") -> dict[str, bytes]:
    """Names of everything inside, with the content of the two small parts that matter."""
    _check_zip(stream)
    parts: dict[str, bytes] = {}
    for member in unpack(stream):
        matters = member.depth == 1 and member.name in (wanted, also)
        parts[f"{'!' * (member.depth - 1)}{member.name}"] = (
            member.content.read(SMALL_PART) if matters else b""
        )
    return parts


def _check_zip(stream: IO[bytes]) -> None:
    """Office wraps a document with a password into a container of the nineties."""
    content = stream.read()
    if content.startswith(COMPOUND_FILE) and ENCRYPTED_OFFICE in content:
        raise Refused(Reason.PASSWORD_PROTECTED)
    if not content.startswith(ZIP_MAGIC):
        raise Refused(Reason.WRONG_TYPE)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
