"""What a school or a locality keeps about itself."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.kernel.errors import Conflict
from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class SchoolClass(TenantOwned, Base):
    """A class of one year. Ended, its name is free for the next."""

    __tablename__ = "school_class"

    name: Mapped[str]
    year_group: Mapped[int | None]
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def end(self, *, on: date) -> None:
        if self.ended_on is not None:
            raise Conflict("This class has already ended.")
        self.ended_on = on


class ClassStaff(TenantOwned, Base):
    """Who works in a class: they see its pupils and no others, unless another role shows them more."""

    __tablename__ = "class_staff"
    __table_args__ = (within_tenant("class_id", "school_class"),)

    class_id: Mapped[UUID]
    person_id: Mapped[UUID]


class SchoolTerm(TenantOwned, Base):
    """A term of this school, or of this locality; deadlines are counted from it."""

    __tablename__ = "term"

    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    half_term_starts_on: Mapped[date | None]
    half_term_ends_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}


class LocalityRules(TenantOwned, Base):
    """One version of the rules. Never changed: a decision can be read beside the rules of its day."""

    __tablename__ = "locality_rules"

    number: Mapped[int]
    rules: Mapped[Mapping[str, Any]] = mapped_column(JSONB)
    set_by: Mapped[UUID | None]
    set_at: Mapped[datetime] = mapped_column(default=now)
