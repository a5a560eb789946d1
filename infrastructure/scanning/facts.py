"""What is known about a file once it was checked."""

import hashlib
from dataclasses import dataclass
from typing import IO

BLOCK = 256 * 1024


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
    digest, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK):
        digest.update(block)
        size += len(block)
    stream.seek(0)
    return FileFacts(media_type, extension, digest.hexdigest(), size)
