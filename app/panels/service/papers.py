"""Opening a document that goes with a request: for a minute, one version, as a download."""

from app.panels.queries.items import Paper
from infrastructure.storage import Storage


def address_of(storage: Storage, paper: Paper) -> str:
    return storage.download_url(
        paper.clean_key,
        version_id=paper.object_version,
        filename=paper.filename,
        content_type=paper.media_type,
    )
