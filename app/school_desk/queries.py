"""The whole first page in one statement, whatever waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text

from app.school_desk.queues import Queue
from infrastructure.database.door import db

LINES = 5
_BEGINNING = """
    'pupils', exists (select from pupil), 'classes', exists (select from school_class),
    'staff', (select count(*) from membership where status <> 'ended')"""

_COUNTED = """
    with q as materialized ({query}) select json_build_object('count', (select count(*) from q),
        'lines', coalesce((select json_agg(l) from (select * from q limit {most}) l), '[]'))"""


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    day: date | None
    ids: dict[str, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One queue as it stands: how many, and the first few."""

    queue: Queue
    count: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Desk:
    waiting: Sequence[Waiting]
    has_pupils: bool
    has_classes: bool
    staff: int


def get_desk(queues: Sequence[Queue]) -> Desk:
    parts = [_BEGINNING, *(f"'{queue.key}', ({_counted(queue)})" for queue in queues)]
    found: dict[str, Any] = db.session.execute(
        text(f"select json_build_object({', '.join(parts)})")
    ).scalar_one()
    waiting = [
        Waiting(queue, found[queue.key]["count"], [_line(queue, row) for row in found[queue.key]["lines"]])
        for queue in queues
    ]
    return Desk(waiting, found["pupils"], found["classes"], found["staff"])


def _counted(queue: Queue) -> str:
    return _COUNTED.format(query=queue.query, most=LINES)


def _line(queue: Queue, row: dict[str, Any]) -> Line:
    day = date.fromisoformat(row["day"]) if row["day"] else None
    return Line(row["what"], day, {name: row[name] for name in queue.takes})
