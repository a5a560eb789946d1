"""Audience by table by command, generated: what PostgreSQL lets each actor see and touch of every furnished row."""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.isolation.actors import Actor, acting
from tests.isolation.rows import Row

COMMANDS = ("select", "insert", "update", "write", "move", "delete")
SWEEPS = ("update all", "write all", "move all", "steal all", "delete all")
# Policies that ask what a row becomes: a change that they would allow to the right person at the right row.
WRITES = {
    "access_change": "confirmed_by = ctx.person(), confirmed_role = (ctx.roles())[1]",
    "guardianship": "status = 'active', confirmed_by = ctx.person()",
    "panel_item": "status = 'deferred', meeting_id = null",
    "plan": "status = 'ceased', ended_on = ctx.today(), ended_because = 'Enough'",
}
RLS_REFUSED = re.compile("row-level security policy")
NO_GRANT = re.compile("permission denied")


def cells(
    connection: Connection, table: str, rows: list[Row], who: list[Actor], elsewhere: UUID
) -> list[str]:
    """One line for each actor and command that achieves anything on this table."""
    lines = []
    for actor in who:
        with acting(connection, actor):
            granted = _granted(connection, table)
            for command in (command for command in COMMANDS if GRANT.get(command, command) in granted):
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


# Where there is no grant at all there is no need to try: PostgreSQL looks at grants before it looks at rows.
GRANT = {"write": "update", "move": "update"}
_GRANTED = text("""
    select command from unnest(array['select', 'insert', 'update']) command
    where has_any_column_privilege(cast(:table as regclass), command)
    union all select 'delete' where has_table_privilege(cast(:table as regclass), 'delete')""")


def _granted(connection: Connection, table: str) -> set[str]:
    return set(connection.scalars(_GRANTED, {"table": table}))


def attempt(connection: Connection, row: Row, command: str, elsewhere: UUID) -> str:
    """What happened: yes, no (row not there or refused), or - where there is no grant for it."""
    point = connection.begin_nested()
    try:
        return _do(connection, row, command, elsewhere)
    except DBAPIError as error:
        words = str(error.orig)
        if NO_GRANT.search(words):
            return "-"
        # A later constraint or trigger: the policy let it pass.
        return "no" if RLS_REFUSED.search(words) else "yes"
    finally:
        point.rollback()


def _do(connection: Connection, row: Row, command: str, elsewhere: UUID) -> str:
    statement = _statement(connection, row, command)
    if statement is None:
        return "-"
    keys = {f"k_{name}": value for name, value in row.key.items()}
    done = connection.execute(text(statement), {**row.values, **keys, "elsewhere": elsewhere})
    return "yes" if (done.first() if command == "select" else done.rowcount) else "no"


def _statement(connection: Connection, row: Row, command: str) -> str | None:
    table, where = row.table, " and ".join(f"{name} = :k_{name}" for name in row.key)
    match command:
        case "insert":
            marks = ", ".join(f":{name}" for name in row.values)
            return f"insert into {table} ({', '.join(row.values)}) values ({marks})"
        case "update":
            column = _writable(connection, table)
            return column and f"update {table} set {column} = {column} where {where}"
        case "write":
            return f"update {table} set {WRITES[table]} where {where}" if table in WRITES else None
        case "move":
            moved = f"update {table} set tenant_id = :elsewhere where {where}"
            return moved if "tenant_id" in row.values else None
        case "select":
            return f"select 1 from {table} where {where}"
        case _:
            return f"delete from {table} where {where}"


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
        values = {"value": value} if ":value" in statement else {}
        return str(connection.execute(text(statement), values).rowcount)
    except DBAPIError as error:
        words = str(error.orig)
        if NO_GRANT.search(words):
            return "-"
        return "no" if RLS_REFUSED.search(words) else "some"
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


_COLUMN = text("""
    select a.attname from pg_attribute a where a.attrelid = cast(:table as regclass) and a.attnum > 0
    and not a.attisdropped and a.attname not in ('tenant_id', 'id')
    and has_column_privilege(a.attrelid, a.attnum, 'update') order by a.attnum desc limit 1""")


def _writable(connection: Connection, table: str) -> str | None:
    name: str | None = connection.scalar(_COLUMN, {"table": table})
    return name


def _grouped(labels: list[str]) -> list[str]:
    """`ours larkrise amara 1`, `… 2` read better as `ours larkrise amara 1 2`."""
    groups: dict[str, list[str]] = {}
    for label in labels:
        name, _, number = label.rpartition(" ")
        groups.setdefault(name, []).append(number)
    # Rows that a trigger made have ids of chance: the order is of the labels, not of the rows.
    return sorted(f"{name} {' '.join(numbers)}" for name, numbers in groups.items())
