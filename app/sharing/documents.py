"""Documents that go with a share: named in what the family reads, and each a checked version that cannot change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """A document of the school that was checked and found sound, and where exactly this version lies."""

    id: UUID
    title: str
    filename: str
    media_type: str
    size_bytes: int
    sha256: bytes
    clean_key: str
    object_version: str


def document_lines(documents: Sequence[CleanDocument]) -> list[dict[str, Any]]:
    """For `content["documents"]` of an ask: only what stands there may be shared later."""
    return [{"title": d.title, "filename": d.filename, "sha256": d.sha256.hex()} for d in documents]
