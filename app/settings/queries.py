"""Finding what a school or a locality keeps about itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.kernel.calendar import Period, Term
from app.kernel.errors import NotFound
from app.settings.models import ClassStaff, LocalityRules, SchoolClass, SchoolTerm
from app.settings.rules import Rules, from_json
from infrastructure.database.door import db
from tenants import context
from tenants.registry import Tenant

_person = table("person", column("id"), column("name"))
_pupil = table("pupil", column("tenant_id"), column("id"), column("class_id"), column("left_on"))


@dataclass(frozen=True, slots=True)
class SchoolDetails:
    name: str
    colour: str
    locality: str | None


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody in a class; `id` is that of the line, to take it away again."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ClassRead:
    id: UUID
    name: str
    year_group: int | None
    version: int
    pupils: int
    staff: Sequence[Worker]


@dataclass(frozen=True, slots=True)
class TermRead:
    id: UUID
    name: str
    starts_on: date
    ends_on: date
    half_term_starts_on: date | None
    half_term_ends_on: date | None
    version: int

    def as_term(self) -> Term:
        """For counting deadlines."""
        half_term = None
        if self.half_term_starts_on and self.half_term_ends_on:
            half_term = Period(self.half_term_starts_on, self.half_term_ends_on)
        return Term(self.name, self.starts_on, self.ends_on, half_term)


@dataclass(frozen=True, slots=True)
class Version:
    """Who set the rules of that number, and when."""

    number: int
    set_at: datetime
    set_by: str | None


def get_school() -> SchoolDetails:
    """The organisation that we act in."""
    locality = Tenant.__table__.alias()
    row = db.session.execute(
        select(Tenant.name, Tenant.colour, locality.c.name.label("locality"))
        .outerjoin(locality, locality.c.id == Tenant.locality_id)
        .where(Tenant.id == context.tenant_id())
    ).one()
    return SchoolDetails(*row)


def load_school() -> Tenant:
    return db.session.scalars(select(Tenant).where(Tenant.id == context.tenant_id())).one()


def list_classes() -> list[ClassRead]:
    """Those of this year, by name, each with its staff and its number of pupils."""
    return _classes(SchoolClass.ended_on.is_(None))


def get_class(class_id: UUID) -> ClassRead:
    found = _classes(SchoolClass.id == class_id)
    if not found:
        raise NotFound
    return found[0]


def load_class(class_id: UUID) -> SchoolClass:
    """Raises NotFound, also for a class of another school."""
    found = db.session.scalar(select(SchoolClass).where(SchoolClass.id == class_id))
    if found is None:
        raise NotFound
    return found


def load_class_staff(line_id: UUID, class_id: UUID) -> ClassStaff:
    found = db.session.scalar(
        select(ClassStaff).where(ClassStaff.id == line_id, ClassStaff.class_id == class_id)
    )
    if found is None:
        raise NotFound
    return found


def find_open_class(name: str) -> SchoolClass | None:
    """The class of this year with that name, however it is capitalised."""
    plain = func.lower(SchoolClass.name) == name.lower()
    return db.session.scalar(select(SchoolClass).where(plain, SchoolClass.ended_on.is_(None)))


def count_pupils_in(class_id: UUID) -> int:
    statement = select(func.count()).select_from(_pupil).where(_in_class(class_id))
    return db.session.scalar(statement) or 0


def list_terms() -> list[TermRead]:
    """The terms that this organisation has set, in order. None: it goes by those that are suggested."""
    t = SchoolTerm
    columns = (t.id, t.name, t.starts_on, t.ends_on, t.half_term_starts_on, t.half_term_ends_on, t.version)
    rows = db.session.execute(select(*columns).order_by(t.starts_on))
    return [TermRead(*row) for row in rows]


def load_term(term_id: UUID) -> SchoolTerm:
    found = db.session.scalar(select(SchoolTerm).where(SchoolTerm.id == term_id))
    if found is None:
        raise NotFound
    return found


def current_rules() -> Rules:
    """The rules of the locality that we act in."""
    return rules_for(context.tenant_id())


def rules_for(locality_id: UUID | None) -> Rules:
    """The newest rules of a locality; a school reads those of its own. Nothing set, or no locality: the defaults."""
    row = db.session.execute(
        select(LocalityRules.number, LocalityRules.rules)
        .where(LocalityRules.tenant_id == locality_id)
        .order_by(LocalityRules.number.desc())
        .limit(1)
    ).first()
    return from_json(row.number, row.rules) if row else Rules()


def list_versions() -> list[Version]:
    """Newest first."""
    r = LocalityRules
    rows = db.session.execute(
        select(r.number, r.set_at, _person.c.name)
        .outerjoin(_person, _person.c.id == r.set_by)
        .order_by(r.number.desc())
        .limit(50)
    )
    return [Version(*row) for row in rows]


def _classes(*wanted: ColumnElement[bool]) -> list[ClassRead]:
    of_class = and_(ClassStaff.tenant_id == SchoolClass.tenant_id, ClassStaff.class_id == SchoolClass.id)
    line = func.json_build_object("id", cast(ClassStaff.id, Text), "name", _person.c.name)
    staff = (
        select(func.coalesce(func.json_agg(aggregate_order_by(line, _person.c.name)), literal_column("'[]'")))
        .select_from(ClassStaff)
        .join(_person, _person.c.id == ClassStaff.person_id)
        .where(of_class)
        .correlate(SchoolClass)
        .scalar_subquery()
    )
    pupils = (
        select(func.count())
        .select_from(_pupil)
        .where(_pupil.c.tenant_id == SchoolClass.tenant_id, _in_class(SchoolClass.id))
        .correlate(SchoolClass)
        .scalar_subquery()
    )
    c = SchoolClass
    order = (case((c.year_group.is_(None), 99), else_=c.year_group), c.name, c.id)
    rows = db.session.execute(
        select(c.id, c.name, c.year_group, c.version, pupils, staff).where(*wanted).order_by(*order)
    )
    found: list[ClassRead] = []
    for class_id, name, year_group, version, count, lines in rows:
        workers = [Worker(UUID(line["id"]), line["name"]) for line in lines]
        found.append(ClassRead(class_id, name, year_group, version, count, workers))
    return found


def _in_class(class_id: Any) -> ColumnElement[bool]:
    return and_(_pupil.c.class_id == class_id, _pupil.c.left_on.is_(None))
