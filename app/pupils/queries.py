"""Finding pupils. `load_…` returns an entity to change; everything else is a frozen read model."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.sql import table as sql_table
from sqlalchemy.sql import column

from app.kernel.errors import NotFound
from app.pupils.models import Pupil
from infrastructure.database.door import db

_class = sql_table("school_class", column("tenant_id"), column("id"), column("name"))


@dataclass(frozen=True, slots=True)
class PupilCard:
    """What stands at the top of every page about a pupil. Never a UPN, never an address."""

    id: UUID
    name: str
    first_name: str
    surname: str
    year_group: int
    class_name: str | None
    sen_provision: str
    born_on: date
    left_on: date | None


def load_pupil(pupil_id: UUID) -> Pupil:
    """Raises NotFound, also for a pupil of another school or of another teacher's class."""
    pupil = db.session.scalar(select(Pupil).where(Pupil.id == pupil_id))
    if pupil is None:
        raise NotFound
    return pupil


def get_pupil(pupil_id: UUID) -> PupilCard:
    row = db.session.execute(_cards().where(Pupil.id == pupil_id)).first()
    if row is None:
        raise NotFound
    return PupilCard(*row)


def _cards() -> Select[Any]:
    return (
        select(
            Pupil.id,
            func.concat(Pupil.preferred_forename, " ", Pupil.legal_surname),
            Pupil.preferred_forename,
            Pupil.legal_surname,
            Pupil.year_group,
            _class.c.name,
            Pupil.sen_provision,
            Pupil.born_on,
            Pupil.left_on,
        )
        .select_from(Pupil)
        .outerjoin(_class, (_class.c.tenant_id == Pupil.tenant_id) & (_class.c.id == Pupil.class_id))
    )
