"""Writing a planned import: a handful of statements, however many pupils."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.sql import column
from sqlalchemy.sql import table as sql_table

from app.kernel.errors import Conflict
from app.kernel.ids import new_id
from app.kernel.names import search_key
from app.pupils.models import Contact, Pupil, PupilNeed, PupilUpn, name_keys
from app.pupils.roll_changes import LABELS
from app.pupils.roll_known import KnownContact
from app.pupils.roll_plan import Entry, Plan
from app.pupils.roll_rows import RollContact
from infrastructure.database.door import db
from tenants import context

_class = sql_table("school_class", column("tenant_id"), column("id"), column("name"), column("ended_on"))
_FIELDS = (*(name for name in LABELS if name != "class_name"), "joined_on", "left_on")
Row = dict[str, Any]


def write_plan(plan: Plan) -> None:
    """New pupils, then changes. Raises Conflict when a pupil was changed by somebody else this moment."""
    classes = _classes(entry.changes.values.get("class_name") for entry in plan.new + plan.changed)
    ids = {entry.row.row_number: new_id() for entry in plan.new}
    _insert(Pupil, [_pupil(entry, classes) | {"id": ids[entry.row.row_number]} for entry in plan.new])
    _update_pupils([_pupil(entry, classes) | _key(entry) for entry in plan.changed if entry.changes.values])
    owners = [(ids[entry.row.row_number], entry) for entry in plan.new]
    owners += [(entry.pupil.id, entry) for entry in plan.changed if entry.pupil]
    _write_upns(owners)
    _write_needs(owners)
    _insert(Contact, [row for pupil_id, entry in owners for row in _contacts(pupil_id, entry)])
    _update_contacts([(id_, values) for _, entry in owners for id_, values in entry.changes.contacts.items()])


def _classes(names: Iterable[str | None]) -> dict[str, UUID]:
    """The classes of this year by plain name; those that a file names and the school does not have are made."""
    of_this_year = select(_class.c.id, _class.c.name).where(_class.c.ended_on.is_(None))
    known = {search_key(row.name): row.id for row in db.session.execute(of_this_year)}
    made: list[Row] = []
    for name in names:
        if name and search_key(name) not in known:
            known[search_key(name)] = new_id()
            made.append({"tenant_id": context.tenant_id(), "id": known[search_key(name)], "name": name})
    if made:
        db.session.execute(insert(_class), made)
    return known


def _pupil(entry: Entry, classes: Mapping[str, UUID]) -> Row:
    """Every column, changed or not, so that all rows go in one statement."""
    held = {name: getattr(entry.pupil, name) if entry.pupil else None for name in _FIELDS}
    row: Row = held | {name: value for name, value in entry.changes.values.items() if name != "class_name"}
    row["sort_key"], row["search_key"] = name_keys(
        row["legal_surname"], row["legal_forenames"], row["preferred_forename"], row["preferred_surname"]
    )
    class_name = entry.changes.values.get("class_name") or (entry.pupil.class_name if entry.pupil else None)
    row["class_id"] = classes[search_key(class_name)] if class_name else None
    return row


def _key(entry: Entry) -> Row:
    assert entry.pupil is not None
    return {"b_id": entry.pupil.id, "b_version": entry.pupil.version}


def _insert(model: type[Any], rows: Sequence[Row]) -> None:
    if rows:
        own = {"tenant_id": context.tenant_id()}
        db.session.execute(insert(_table(model)), [own | {"id": new_id()} | row for row in rows])


def _update_pupils(rows: Sequence[Row]) -> None:
    if not rows:
        return
    pupil = _table(Pupil)
    names = [name for name in rows[0] if not name.startswith("b_")]
    statement = (
        update(pupil)
        .where(pupil.c.tenant_id == context.tenant_id(), pupil.c.id == bindparam("b_id"))
        .where(pupil.c.version == bindparam("b_version"))
        .values({name: bindparam(name) for name in names} | {"version": pupil.c.version + 1})
    )
    if db.session.connection().execute(statement, list(rows)).rowcount != len(rows):
        raise Conflict("Somebody changed a pupil while you imported. Look at the list again.")


def _write_upns(owners: Sequence[tuple[UUID, Entry]]) -> None:
    said = [(id_, entry, entry.changes.upn) for id_, entry in owners if entry.changes.upn]
    upn = _table(PupilUpn)
    for pupil_id, entry, number in said:
        if entry.pupil and entry.pupil.upn:
            db.session.execute(update(upn).where(upn.c.pupil_id == pupil_id).values(upn=number))
    fresh = [(id_, number) for id_, entry, number in said if not (entry.pupil and entry.pupil.upn)]
    _insert(PupilUpn, [{"pupil_id": pupil_id, "upn": number} for pupil_id, number in fresh])


def _write_needs(owners: Sequence[tuple[UUID, Entry]]) -> None:
    said = [(pupil_id, entry.changes.needs) for pupil_id, entry in owners if entry.changes.needs]
    if not said:
        return
    db.session.execute(delete(PupilNeed).where(PupilNeed.pupil_id.in_([pupil_id for pupil_id, _ in said])))
    rows = [
        {"pupil_id": id_, "rank": rank, "code": code}
        for id_, codes in said
        for rank, code in enumerate(codes, 1)
    ]
    _insert(PupilNeed, rows)


def _contacts(pupil_id: UUID, entry: Entry) -> Iterator[Row]:
    known: Sequence[KnownContact] = entry.pupil.contacts if entry.pupil else ()
    first = max((contact.priority for contact in known), default=0) + 1
    for place, contact in enumerate(entry.changes.new_contacts, first):
        yield {"pupil_id": pupil_id, "priority": place} | _contact(contact)


def _contact(contact: RollContact) -> Row:
    return {
        "name": contact.name,
        "relationship": contact.relationship,
        "email": contact.email.lower() or None,
        "phone": contact.phone or None,
        "parental_responsibility": bool(contact.has_pr),
    }


def _update_contacts(changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
    contact = _table(Contact)
    for contact_id, values in changes:
        same = update(contact).where(contact.c.tenant_id == context.tenant_id(), contact.c.id == contact_id)
        db.session.execute(same.values(dict(values) | {"version": contact.c.version + 1}))


def _table(model: type[Any]) -> Table:
    found: Table = model.__table__
    return found
