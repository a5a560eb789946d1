"""Documents in each of their states, made behind the service's back: the bytes really lie in storage if asked for."""

import hashlib
import io
import os
from functools import lru_cache
from typing import Any
from uuid import UUID

from app.kernel.clock import now
from infrastructure.adapters import open_adapters
from infrastructure.database.ids import new_id
from infrastructure.settings import Settings
from infrastructure.storage import Storage
from tests.services import environment_for
from tests.world import Child, Somebody, World

LETTER = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PDF = "application/pdf"


@lru_cache(maxsize=1)
def storage() -> Storage:
    """The storage of this run, with its two buckets."""
    settings = Settings.from_environment(os.environ | environment_for("none"), needs=("storage",))
    opened = open_adapters(settings).storage
    opened.prepare()
    return opened


def clean_document(
    world: World,
    child: Child,
    *,
    content: bytes = LETTER,
    shown: bool = False,
    by: Somebody | None = None,
    stored: bool = True,
    **changes: Any,
) -> UUID:
    """Checked and found sound. With `stored=False` a row only: it can be listed and shared, not opened."""
    document_id = new_id()
    digest = hashlib.sha256(content)
    place = f"{child.tenant_id}/{document_id}/{digest.hexdigest()}"
    facts = _facts(child, document_id, by or world.sendco) | {
        "status": "clean",
        "media_type": PDF,
        "size_bytes": len(content),
        "sha256": digest.digest(),
        "clean_key": place,
        "object_version": _keep(place, content, digest.hexdigest()) if stored else "1",
        "shown_to_family": shown,
        "completed_at": now(),
        "checked_at": now(),
    }
    return world.insert("document", **(facts | changes))


def checking_document(
    world: World, child: Child, *, content: bytes | None = LETTER, by: Somebody | None = None, **changes: Any
) -> UUID:
    """Uploaded and not yet looked at. The bytes lie in quarantine, unless `content` is None."""
    return _received(
        world, child, content, by or world.sendco, status="checking", completed_at=now(), **changes
    )


def awaited_document(
    world: World, child: Child, *, content: bytes | None = None, by: Somebody | None = None, **changes: Any
) -> UUID:
    """Announced and never completed. With `content` the browser sent the bytes and then went away."""
    return _received(world, child, content, by or world.sendco, **changes)


def refused_document(world: World, child: Child, *, problem: str, **changes: Any) -> UUID:
    facts = {"status": "refused", "problem": problem, "completed_at": now(), "checked_at": now()}
    return _received(world, child, None, world.sendco, **(facts | changes))


def _received(world: World, child: Child, content: bytes | None, by: Somebody, **changes: Any) -> UUID:
    facts = _facts(child, new_id(), by) | changes
    if content is not None:
        key = facts["quarantine_key"]
        storage().put_quarantine(key, io.BytesIO(content), content_type=PDF, max_bytes=len(content))
    return world.insert("document", **facts)


def _facts(child: Child, document_id: UUID, by: Somebody) -> dict[str, Any]:
    return {
        "id": document_id,
        "tenant_id": child.tenant_id,
        "pupil_id": child.id,
        "title": "Speech and language report",
        "filename": "Speech report.pdf",
        "declared_type": PDF,
        "quarantine_key": f"{child.tenant_id}/{document_id}",
        "uploaded_by": by.id,
        "uploaded_by_name": by.name,
    }


def _keep(key: str, content: bytes, sha256: str) -> str:
    return storage().keep("made by a test", key, content_type=PDF, sha256=sha256, stream=io.BytesIO(content))
