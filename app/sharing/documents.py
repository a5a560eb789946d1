"""Documents that go with a share: named in what the family reads, and each a checked version that cannot change."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """A document of the school that was checked and found sound, and where exactly this version lies.

    It may go with a share when `content["documents"]` of the ask names its `sha256` in hexadecimal digits.
    """

    id: UUID
    title: str
    filename: str
    media_type: str
    size_bytes: int
    sha256: bytes
    clean_key: str
    object_version: str
