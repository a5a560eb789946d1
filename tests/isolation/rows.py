"""What there is to look for: the rows of two furnished partnerships, each with a label that is the same on every run."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from tests.isolation.furnished import Furnished

# So many rows of one kind: ours in every state that furnishing makes, of the others one is as good as all.
OURS, THEIRS = 8, 1


@dataclass(frozen=True, slots=True)
class Row:
    """A furnished row. `ours` is False for everything of the other partnership."""

    table: str
    label: str
    key: dict[str, Any]
    values: dict[str, Any]
    ours: bool


def tables(admin: Connection) -> list[str]:
    query = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version' order by 1"
    return list(admin.scalars(text(query)))


def rows_of(admin: Connection, table: str, worlds: tuple[Furnished, Furnished]) -> list[Row]:
    """Every row of a table that belongs to one of the two worlds: ours is the first."""
    key = list(admin.scalars(_KEY, {"table": table}))
    everything = admin.execute(text(f"select * from {table} order by {', '.join(key)}")).mappings().all()
    rows: list[Row] = []
    for world, ours in zip(worlds, (True, False), strict=True):
        names = world.names()
        seen: dict[str, int] = {}
        for found in everything:
            label = _label(found, names)
            seen[label] = seen.get(label, 0) + 1
            if label and seen[label] <= (OURS if ours else THEIRS):
                label = f"{'ours' if ours else 'theirs'} {label} {seen[label]}"
                rows.append(_row(table, label, key, found, ours=ours))
    return rows


_KEY = text("""
    select a.attname from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
    where k.contype = 'p' and k.conrelid = cast(:table as regclass) order by array_position(k.conkey, a.attnum)""")


def _label(found: Any, names: dict[Any, str]) -> str:
    """Whose it is and, if it is about a child or a share, which."""
    owner = next((names[found[k]] for k in ("tenant_id", "id", "person_id") if found.get(k) in names), "")
    child = next((names[found[k]] for k in ("pupil_id", "share_id") if found.get(k) in names), "")
    return " ".join(filter(None, (owner, child))) if owner else ""


def _row(table: str, label: str, key: list[str], found: Any, *, ours: bool) -> Row:
    """With the values of a row beside it, which an insert would add."""
    values = {k: _plain(v) for k, v in found.items() if k != "id" or len(key) == 1}
    if "id" in found and table not in ("tenant", "person", "audit_entry"):
        values["id"] = str(UUID(int=found["id"].int ^ 1))
    return Row(table, label, {k: found[k] for k in key}, values, ours)


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value
