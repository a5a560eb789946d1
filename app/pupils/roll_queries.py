"""Finding a file that was brought in; only the admin who brought it finds it."""

from uuid import UUID

from sqlalchemy import select

from app.kernel.errors import NotFound
from app.pupils.models import RollImport
from infrastructure.database.door import db


def load_import(import_id: UUID) -> RollImport:
    held: RollImport | None = db.session.scalar(select(RollImport).where(RollImport.id == import_id))
    if held is None:
        raise NotFound
    return held
