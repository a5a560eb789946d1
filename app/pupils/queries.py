"""Finding pupils. `load_…` returns an entity to change; everything else is a frozen read model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, aggregate_order_by
from sqlalchemy.sql import column
from sqlalchemy.sql import table as sql_table

from app.kernel.errors import NotFound
from app.kernel.names import search_key
from app.kernel.paging import PER_PAGE, Page
from app.pupils import contact_queries
from app.pupils.contact_queries import ContactCard
from app.pupils.models import Access, Contact, Guardianship, Pupil, PupilNeed, PupilUpn
from infrastructure.database.door import db

_class = sql_table("school_class", column("tenant_id"), column("id"), column("name"), column("ended_on"))
_staff = sql_table("class_staff", column("tenant_id"), column("class_id"), column("person_id"))


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


@dataclass(frozen=True, slots=True)
class PupilDetails(PupilCard):
    """The overview of one pupil. PostgreSQL gives the UPN to the school admin and to nobody else."""

    legal_surname: str
    legal_forenames: str
    preferred_surname: str | None
    class_id: UUID | None
    joined_on: date | None
    version: int
    needs: Sequence[str]
    upn: str | None


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A line of the register."""

    id: UUID
    name: str
    year_group: int
    class_name: str | None
    sen_provision: str
    born_on: date
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the register is narrowed to. Every empty answer means all of them."""

    words: str = ""
    year_group: int | None = None
    class_id: UUID | None = None
    sen_provision: str | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class ClassLine:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody who may see this child in the family portal now."""

    link_id: UUID
    person_id: UUID
    name: str
    parental_responsibility: bool


def load_pupil(pupil_id: UUID) -> Pupil:
    """Raises NotFound, also for a pupil of another school or of another teacher's class."""
    pupil = db.session.scalar(select(Pupil).where(Pupil.id == pupil_id))
    if pupil is None:
        raise NotFound
    return pupil


def get_pupil(pupil_id: UUID) -> PupilCard:
    row = db.session.execute(_joined(*_CARD).where(Pupil.id == pupil_id)).first()
    if row is None:
        raise NotFound
    return PupilCard(*row)


def get_details(pupil_id: UUID) -> PupilDetails:
    needs = (
        select(func.array_agg(aggregate_order_by(PupilNeed.code, PupilNeed.rank)))
        .where(PupilNeed.tenant_id == Pupil.tenant_id, PupilNeed.pupil_id == Pupil.id)
        .correlate(Pupil)
        .scalar_subquery()
    )
    statement = _joined(
        *_CARD,
        Pupil.legal_surname,
        Pupil.legal_forenames,
        Pupil.preferred_surname,
        Pupil.class_id,
        Pupil.joined_on,
        Pupil.version,
        func.coalesce(needs, literal([], ARRAY(TEXT))),
        PupilUpn.upn,
    )
    mine = and_(PupilUpn.tenant_id == Pupil.tenant_id, PupilUpn.pupil_id == Pupil.id)
    row = db.session.execute(statement.outerjoin(PupilUpn, mine).where(Pupil.id == pupil_id)).first()
    if row is None:
        raise NotFound
    return PupilDetails(*row)


def list_pupils(filters: Filters, number: int = 1) -> Page[PupilLine]:
    """A page of the register in one statement; a page that does not exist is the first one."""
    found = _page(filters, number)
    if not found.items and number > 1:
        return _page(filters, 1)
    return found


def search_pupils(words: str) -> Sequence[PupilLine]:
    """Those on the roll whose names contain all the words."""
    return list_pupils(Filters(words=words)).items


def list_classes() -> list[ClassLine]:
    """The classes of this year, by name."""
    rows = db.session.execute(
        select(_class.c.id, _class.c.name)
        .where(_class.c.ended_on.is_(None))
        .order_by(_class.c.name, _class.c.id)
    )
    return [ClassLine(*row) for row in rows]


def class_staff_of(pupil_id: UUID) -> list[UUID]:
    """The people who teach or support the class of this pupil."""
    rows = db.session.scalars(
        select(_staff.c.person_id)
        .join(Pupil, and_(Pupil.tenant_id == _staff.c.tenant_id, Pupil.class_id == _staff.c.class_id))
        .where(Pupil.id == pupil_id)
        .order_by(_staff.c.person_id)
    )
    return list(rows)


def contacts_of(pupil_id: UUID) -> list[ContactCard]:
    """Every adult on file for this pupil, in the order in which they are to be reached."""
    return contact_queries.contacts_of(pupil_id)


def guardians_of(pupil_id: UUID) -> list[Guardian]:
    """Active links only: whoever waits, is restricted or barred hears nothing."""
    link = Guardianship
    rows = db.session.execute(
        select(link.id, link.person_id, Contact.name, link.parental_responsibility)
        .join(Contact, and_(Contact.tenant_id == link.tenant_id, Contact.id == link.contact_id))
        .where(link.pupil_id == pupil_id, link.status == Access.ACTIVE)
        .order_by(Contact.priority, link.id)
    )
    return [Guardian(*row) for row in rows]


_NAME = func.concat(
    Pupil.preferred_forename, " ", func.coalesce(Pupil.preferred_surname, Pupil.legal_surname)
)
_CARD = (
    Pupil.id,
    _NAME,
    Pupil.preferred_forename,
    func.coalesce(Pupil.preferred_surname, Pupil.legal_surname),
    Pupil.year_group,
    _class.c.name,
    Pupil.sen_provision,
    Pupil.born_on,
    Pupil.left_on,
)


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Pupil)
        .outerjoin(_class, and_(_class.c.tenant_id == Pupil.tenant_id, _class.c.id == Pupil.class_id))
    )


def _page(filters: Filters, number: int) -> Page[PupilLine]:
    wanted = list(_wanted(filters))
    total = select(func.count()).select_from(Pupil).where(*wanted).scalar_subquery()
    lines = (
        _joined(
            Pupil.id,
            _NAME,
            Pupil.year_group,
            _class.c.name,
            Pupil.sen_provision,
            Pupil.born_on,
            Pupil.left_on,
            total,
        )
        .where(*wanted)
        .order_by(Pupil.sort_key, Pupil.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    rows = db.session.execute(lines).all()
    return Page([PupilLine(*row[:-1]) for row in rows], number, rows[0][-1] if rows else 0)


def _wanted(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        Pupil.left_on.is_not(None) if filters.left else Pupil.left_on.is_(None)
    ]
    wanted += [func.strpos(Pupil.search_key, word) > 0 for word in search_key(filters.words).split()]
    if filters.year_group is not None:
        wanted.append(Pupil.year_group == filters.year_group)
    if filters.class_id is not None:
        wanted.append(Pupil.class_id == filters.class_id)
    if filters.sen_provision is not None:
        wanted.append(Pupil.sen_provision == filters.sen_provision)
    return wanted
