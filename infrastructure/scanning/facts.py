"""What is known about a file once it was checked."""

import hashlib
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The type is ours, never what a browser said."""

    media_type: str
    extension: str
    sha256: str
    size: int


def measure(stream: IO[bytes], *, media_type: str, extension: str) -> FileFacts:
    """Leaves the stream at its beginning, ready to be read."""
    stream.seek(0)
    sha256 = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    size = stream.tell()
    stream.seek(0)
    return FileFacts(media_type, extension, sha256, size)
