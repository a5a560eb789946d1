"""What a school can do with its classes and who works in them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts import queries as accounts
from app.kernel.access import Actor, authorise
from app.kernel.clock import today
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.ids import new_id
from app.settings import policy, queries
from app.settings.models import ClassStaff, SchoolClass
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class NewClass:
    name: str
    year_group: int | None


@dataclass(frozen=True, slots=True)
class ClassChange:
    name: str
    year_group: int | None
    version: int


@dataclass(frozen=True, slots=True)
class NewWorker:
    person_id: UUID


def add_class(actor: Actor, new: NewClass) -> SchoolClass:
    authorise(actor, policy.can_keep_school)
    _refuse_double(new.name, None)
    added = SchoolClass(id=new_id(), name=new.name, year_group=new.year_group)
    db.session.add(added)
    return added


def change_class(actor: Actor, school_class: SchoolClass, change: ClassChange) -> None:
    authorise(actor, policy.can_keep_school)
    _refuse_double(change.name, school_class.id)
    set_committed_value(school_class, "version", change.version)
    school_class.name, school_class.year_group = change.name, change.year_group


def end_class(actor: Actor, school_class: SchoolClass) -> None:
    """Only an empty class ends, so that no child is in a class that nobody sees. Raises Conflict."""
    authorise(actor, policy.can_keep_school)
    if count := queries.count_pupils_in(school_class.id):
        who = "1 pupil is" if count == 1 else f"{count} pupils are"
        raise Conflict(f"{who} still in this class. Move them to another class first.")
    school_class.end(on=today())
    db.session.execute(delete(ClassStaff).where(ClassStaff.class_id == school_class.id))


def add_worker(actor: Actor, school_class: SchoolClass, new: NewWorker) -> None:
    """Raises Invalid for somebody who does not work here, or is in this class already."""
    authorise(actor, policy.can_keep_school)
    try:
        accounts.get_member(new.person_id)
    except NotFound:
        raise Invalid("person_id", "Select somebody who works at your school") from None
    held = select(ClassStaff.id).where(
        ClassStaff.class_id == school_class.id, ClassStaff.person_id == new.person_id
    )
    if db.session.scalar(held) is not None:
        raise Invalid("person_id", "This person already works in this class")
    db.session.add(ClassStaff(id=new_id(), class_id=school_class.id, person_id=new.person_id))


def remove_worker(actor: Actor, line: ClassStaff) -> None:
    """They stop seeing the pupils of this class from their next page on."""
    authorise(actor, policy.can_keep_school)
    db.session.delete(line)


def _refuse_double(name: str, own_id: UUID | None) -> None:
    known = queries.find_open_class(name)
    if known is not None and known.id != own_id:
        raise Invalid("name", "There is a class with this name already")
