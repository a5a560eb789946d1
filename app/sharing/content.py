"""What would be shared, as a fingerprint: the same words always have the same one, whoever computes it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def content_hash(content: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical JSON of frozen content."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).digest()


def wording_hash(wording: str) -> bytes:
    """SHA-256 of the exact words that the family was shown."""
    return hashlib.sha256(wording.encode()).digest()
