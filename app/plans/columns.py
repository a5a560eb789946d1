"""Columns that pages of plans and of reviews share, so that each page stays one statement."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import column, func, literal_column, select, table

from app.pupils.models import Pupil
from app.pupils.queries import PupilCard

_class = table("school_class", column("tenant_id"), column("id"), column("name"))


def json_object(facts: Mapping[str, Any]) -> Any:
    pairs: list[Any] = []
    for name, fact in facts.items():
        pairs += [literal_column(f"'{name}'"), fact]
    return func.json_build_object(*pairs)


def pupil_column() -> Any:
    """What stands at the top of every page about a pupil, for statements that join the pupil. For staff only."""
    surname = func.coalesce(Pupil.preferred_surname, Pupil.legal_surname)
    its_class = (_class.c.tenant_id == Pupil.tenant_id) & (_class.c.id == Pupil.class_id)
    return json_object({
        "id": Pupil.id,
        "name": func.concat(Pupil.preferred_forename, " ", surname),
        "first_name": Pupil.preferred_forename,
        "surname": surname,
        "year_group": Pupil.year_group,
        "class_name": select(_class.c.name).where(its_class).correlate(Pupil).scalar_subquery(),
        "sen_provision": Pupil.sen_provision,
        "born_on": Pupil.born_on,
        "left_on": Pupil.left_on,
    })  # fmt: skip


def read_pupil(facts: Mapping[str, Any]) -> PupilCard:
    days = {
        name: date.fromisoformat(day) if (day := facts[name]) else None for name in ("born_on", "left_on")
    }
    return PupilCard(**(facts | {"id": UUID(facts["id"])} | days))  # type: ignore[operator]
