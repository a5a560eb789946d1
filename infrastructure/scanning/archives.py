"""Look into zip-based files without being harmed by them: limits on entries, bytes, ratio and depth."""

import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from infrastructure.scanning.refusals import Reason, Refused

MAGIC = b"PK\x03\x04"
MOST_ENTRIES = 1_000
MOST_BYTES = 200 * 1024 * 1024
HIGHEST_RATIO = 100
DEEPEST = 2
BLOCK = 256 * 1024
IN_MEMORY = 1024 * 1024
LOCAL_HEADER = struct.Struct("<4s22xHH")
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside, unpacked; read it before asking for the next."""

    name: str
    depth: int
    content: IO[bytes]


def unpack(archive: IO[bytes]) -> Iterator[Member]:
    """Every file inside, also inside archives inside. Raises Refused for what no honest program writes."""
    yield from _Unpacking().members(archive, depth=1)


class _Unpacking:
    """One budget for the whole nest: bytes are counted as they come out, whatever the headers promise."""

    def __init__(self) -> None:
        self._entries = 0
        self._bytes = 0

    def members(self, archive: IO[bytes], *, depth: int) -> Iterator[Member]:
        if depth > DEEPEST:
            raise Refused(Reason.UNSAFE_ARCHIVE)
        try:
            with zipfile.ZipFile(archive) as opened:
                entries = opened.infolist()
                self._check(opened, entries, archive)
                for entry in entries:
                    yield from self._member(opened, entry, depth)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, UnicodeDecodeError):
            raise Refused(Reason.UNREADABLE) from None

    def _check(self, opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo], archive: IO[bytes]) -> None:
        self._entries += len(entries)
        promised = sum(entry.file_size for entry in entries)
        packed = archive.seek(0, 2)
        if self._entries > MOST_ENTRIES or self._bytes + promised > MOST_BYTES:
            raise Refused(Reason.UNSAFE_ARCHIVE)
        if promised > HIGHEST_RATIO * packed:
            raise Refused(Reason.UNSAFE_ARCHIVE)
        if len({entry.filename for entry in entries}) != len(entries):
            raise Refused(Reason.UNREADABLE)
        for entry in entries:
            _check_entry(entry)
        _check_apart(archive, entries, end=opened.start_dir)

    def _member(self, opened: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> Iterator[Member]:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as content:
            with opened.open(entry) as packed:
                while block := packed.read(BLOCK):
                    self._bytes += len(block)
                    if self._bytes > MOST_BYTES:
                        raise Refused(Reason.UNSAFE_ARCHIVE)
                    content.write(block)
            content.seek(0)
            inside = content.read(len(MAGIC)) == MAGIC
            content.seek(0)
            yield Member(entry.filename, depth, content)
            if inside:
                yield from self.members(content, depth=depth + 1)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise Refused(Reason.PASSWORD_PROTECTED)
    if entry.compress_type not in METHODS or not _is_sound_name(entry.orig_filename):
        raise Refused(Reason.UNREADABLE)


def _is_sound_name(name: str) -> bool:
    """A path that stays inside, with no second meaning on another system."""
    escapes = name.startswith("/") or ".." in name.split("/")
    return not (escapes or any(character in name for character in "\\:\0"))


def _check_apart(archive: IO[bytes], entries: list[zipfile.ZipInfo], *, end: int) -> None:
    """Entries that share bytes are how a small file promises petabytes."""
    free_from = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < free_from:
            raise Refused(Reason.UNSAFE_ARCHIVE)
        archive.seek(entry.header_offset)
        header = archive.read(LOCAL_HEADER.size)
        if len(header) < LOCAL_HEADER.size:
            raise Refused(Reason.UNREADABLE)
        magic, name, extra = LOCAL_HEADER.unpack(header)
        if magic != MAGIC:
            raise Refused(Reason.UNREADABLE)
        free_from = entry.header_offset + LOCAL_HEADER.size + name + extra + entry.compress_size
    if free_from > end:
        raise Refused(Reason.UNSAFE_ARCHIVE)
