"""Audience by table by command, generated: what PostgreSQL lets each actor see and touch of every furnished row."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.isolation.scene import Scene
from tests.world import Organisation, Somebody, World

COMMANDS = ("select", "insert", "update", "write", "move", "delete")
SWEEPS = ("update all", "write all", "move all", "steal all", "delete all")
# Policies that ask what a row becomes: a change that they would allow to the right person at the right row.
WRITES = {
    "access_change": "confirmed_by = ctx.person(), confirmed_role = (ctx.roles())[1]",
    "guardianship": "status = 'active', confirmed_by = ctx.person()",
    "panel_item": "status = 'deferred', meeting_id = null",
    "plan": "status = 'ceased'",
}
RLS_REFUSED = re.compile("row-level security policy")
NO_GRANT = re.compile("permission denied")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody as PostgreSQL knows them: role, tenant, person, roles, scope."""

    label: str
    role: str
    tenant_id: UUID | None
    person_id: UUID | None
    roles: str
    scope_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A furnished row. `ours` is False for everything of the other partnership."""

    table: str
    label: str
    key: dict[str, Any]
    values: dict[str, Any]
    ours: bool


def actors(world: World, scene: Scene) -> list[Actor]:
    w = world
    staff = {
        "sendco": w.sendco,
        "teacher": w.teacher,
        "assistant": w.assistant,
        "head": w.head,
        "dsl": w.dsl,
        "admin": w.admin,
        "clerk": w.clerk,
        "chair": w.chair,
        "vice_chair": w.vice_chair,
        "member": w.member,
        "conflicted": w.conflicted_member,
        "area_lead": w.area_lead,
        "finance": w.finance,
    }
    made = [_member(label, who) for label, who in staff.items()]
    for label, who, child in (
        ("mother", w.mother, "amara"),
        ("mother at the other school", w.mother, "noor"),
        ("carer", w.carer, "amara"),
        ("barred", w.barred, "idris"),
    ):
        school = w.millbrook if child == "noor" else w.larkrise
        made.append(Actor(label, "send_family", school.id, who.id, "guardian", who.links[child]))
    made.append(Actor("mother between schools", "send_family", None, w.mother.id, "guardian"))
    made += [
        Actor(
            f"agency {label}",
            "send_agency",
            w.ashmere.id,
            w.professional.id,
            "professional",
            scene.shares[label],
        )
        for label in ("referral Amara", "withdrawn Amara")
    ]
    for label, place in (("school", w.larkrise), ("locality", w.thornbeck), ("agency", w.ashmere)):
        made.append(Actor(f"system {label}", "send_system", place.id, None, ""))
    return made


def _member(label: str, who: Somebody) -> Actor:
    assert isinstance(who.at, Organisation)
    roles = ",".join(sorted(role.value for role in who.roles))
    return Actor(label, f"send_{who.at.kind}", who.at.id, who.id, roles)


@contextmanager
def acting(connection: Connection, actor: Actor) -> Iterator[Connection]:
    """As the web or worker would bind it; the administrator again afterwards."""
    settings = {
        "app.tenant_id": actor.tenant_id,
        "app.person_id": actor.person_id,
        "app.scope_id": actor.scope_id,
        "app.roles": actor.roles,
        "role": actor.role,
    }
    for name, value in settings.items():
        connection.execute(
            text("select set_config(:name, :value, true)"),
            {"name": name, "value": str(value) if value else ""},
        )
    yield connection
    connection.execute(text("set local role none"))


def attempt(connection: Connection, row: Row, command: str, elsewhere: UUID) -> str:
    """What happened: yes, no (row not there or refused), or - where there is no grant at all."""
    point = connection.begin_nested()
    try:
        return _do(connection, row, command, elsewhere)
    except DBAPIError as error:
        words = str(error.orig)
        if NO_GRANT.search(words):
            return "-"
        return (
            "no" if RLS_REFUSED.search(words) else "yes"
        )  # a later constraint or trigger: the policy let it pass
    finally:
        point.rollback()


def sweep(
    connection: Connection, table: str, command: str, rows: list[Row], places: dict[str, UUID | None]
) -> str:
    """How many rows a statement without a WHERE touches: there only the policy of the command itself applies."""
    point = connection.begin_nested()
    try:
        statement, value = _sweeping(connection, table, command, rows[0].values if rows else {}, places)
        if statement is None:
            return "-"
        # The value travels as a parameter: reading the column would bring the SELECT policy in.
        return str(
            connection.execute(text(statement), {"value": value} if ":value" in statement else {}).rowcount
        )
    except DBAPIError as error:
        return (
            "-"
            if NO_GRANT.search(str(error.orig))
            else "no"
            if RLS_REFUSED.search(str(error.orig))
            else "some"
        )
    finally:
        point.rollback()


def _sweeping(
    connection: Connection, table: str, command: str, sample: dict[str, Any], places: dict[str, UUID | None]
) -> tuple[str | None, Any]:
    if command == "delete all":
        return f"delete from {table}", None
    if command == "write all":
        return (f"update {table} set {WRITES[table]}" if table in WRITES else None), None
    if command in places:
        return (f"update {table} set tenant_id = :value" if "tenant_id" in sample else None), places[command]
    column = _writable(connection, table)
    return (f"update {table} set {column} = :value" if column else None), sample.get(column or "")


def _do(connection: Connection, row: Row, command: str, elsewhere: UUID) -> str:
    statement = _statement(connection, row, command)
    if statement is None:
        return "-"
    keys = {f"k_{name}": value for name, value in row.key.items()}
    done = connection.execute(text(statement), {**row.values, **keys, "elsewhere": elsewhere})
    return "yes" if (done.first() if command == "select" else done.rowcount) else "no"


def _statement(connection: Connection, row: Row, command: str) -> str | None:
    where = " and ".join(f"{name} = :k_{name}" for name in row.key)
    if command == "insert":
        marks = ", ".join(f":{name}" for name in row.values)
        return f"insert into {row.table} ({', '.join(row.values)}) values ({marks})"
    if command == "update":
        column = _writable(connection, row.table)
        return column and f"update {row.table} set {column} = {column} where {where}"
    if command == "write":
        return f"update {row.table} set {WRITES[row.table]} where {where}" if row.table in WRITES else None
    if command == "move":
        return (
            f"update {row.table} set tenant_id = :elsewhere where {where}"
            if "tenant_id" in row.values
            else None
        )
    return (
        f"select 1 from {row.table} where {where}"
        if command == "select"
        else f"delete from {row.table} where {where}"
    )


_COLUMN = text("""
    select a.attname from pg_attribute a where a.attrelid = cast(:table as regclass) and a.attnum > 0
    and not a.attisdropped and a.attname not in ('tenant_id', 'id')
    and has_column_privilege(a.attrelid, a.attnum, 'update') order by a.attnum desc limit 1""")


def _writable(connection: Connection, table: str) -> str | None:
    name: str | None = connection.scalar(_COLUMN, {"table": table})
    return name


def tables(admin: Connection) -> list[str]:
    query = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version' order by 1"
    return list(admin.scalars(text(query)))


def furnished(admin: Connection, table: str, scenes: tuple[Scene, Scene]) -> list[Row]:
    """Every row of a table that belongs to one of the two worlds, with a label that is the same on every run."""
    key = list(admin.scalars(_KEY, {"table": table}))
    rows: list[Row] = []
    for scene, ours in zip(scenes, (True, False), strict=True):
        names = _names(scene)
        seen: dict[str, int] = {}
        for found in admin.execute(text(f"select * from {table} order by {', '.join(key)}")).mappings():
            owner = _owner(found, names)
            if owner is None:
                continue
            child = next((names[v] for k in ("pupil_id", "share_id") if (v := found.get(k)) in names), "")
            label = " ".join(filter(None, (owner, child)))
            seen[label] = seen.get(label, 0) + 1
            if seen[label] > (4 if ours else 1):
                continue
            values = {k: _plain(v) for k, v in found.items() if k != "id" or len(key) == 1}
            if "id" in found and table not in ("tenant", "person", "audit_entry"):
                values["id"] = str(UUID(int=found["id"].int ^ 1))
            label = f"{'ours' if ours else 'theirs'} {label} {seen[label]}"
            rows.append(Row(table, label, {k: found[k] for k in key}, values, ours))
    return rows


_KEY = text("""
    select a.attname from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
    where k.contype = 'p' and k.conrelid = cast(:table as regclass) order by array_position(k.conkey, a.attnum)""")


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value


def _names(scene: Scene) -> dict[Any, str]:
    names: dict[Any, str] = {share: label.lower() for label, share in scene.shares.items()}
    for label, thing in vars(scene.world).items():
        if hasattr(thing, "id"):
            names.setdefault(thing.id, label)
    return names


def _owner(found: Any, names: dict[Any, str]) -> str | None:
    for column in ("tenant_id", "id", "person_id"):
        if found.get(column) in names:
            return names[found[column]]
    return None


def cells(
    connection: Connection, table: str, rows: list[Row], who: list[Actor], elsewhere: UUID
) -> list[str]:
    """One line for each actor and command that achieves anything on this table."""
    lines = []
    for actor in who:
        with acting(connection, actor):
            for command in COMMANDS:
                answers = [(row.label, attempt(connection, row, command, elsewhere)) for row in rows]
                done = [label for label, answer in answers if answer == "yes"]
                if done:
                    lines.append(f"{table} | {actor.label} | {command} | {', '.join(_grouped(done))}")
            for command in SWEEPS:
                places = {"move all": elsewhere, "steal all": actor.tenant_id}
                count = sweep(connection, table, command, rows, places)
                if count not in ("-", "0", "no"):
                    lines.append(f"{table} | {actor.label} | {command} | {count}")
    return lines


def _grouped(labels: list[str]) -> list[str]:
    """`ours larkrise amara 1`, `… 2` read better as `ours larkrise amara 1 2`."""
    groups: dict[str, list[str]] = {}
    for label in labels:
        name, _, number = label.rpartition(" ")
        groups.setdefault(name, []).append(number)
    # Rows that a trigger made have ids of chance: the order is of the labels, not of the rows.
    return sorted(f"{name} {' '.join(numbers)}" for name, numbers in groups.items())
