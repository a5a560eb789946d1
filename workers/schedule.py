"""The clock on the wall: which task is due when, London time. However many of these run, each tick happens once."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel import clock
from infrastructure.database.door import at_the_door
from infrastructure.observability import start_logging, start_sentry
from infrastructure.settings import Settings
from workers.home import worker_app

log = structlog.get_logger(__name__)

CATCH_UP = timedelta(hours=26)  # a schedule that was down for a day still does yesterday's tick, once


@dataclass(frozen=True, slots=True)
class Task:
    """Something that starts by itself. With an event, one envelope goes to each active tenant of these kinds."""

    name: str
    event: str | None
    tenants: tuple[str, ...]
    hour: int | None = None  # London; None: every `every` minutes instead
    every: int = 0
    door: str | None = None  # a door function to call when the tick was ours


TASKS: tuple[Task, ...] = (
    Task("sweep_sign_in", None, (), hour=3, door="door.sweep_sign_in()"),
    Task("seal_audit", None, (), every=5, door="door.seal_audit()"),
    Task("sweep_roll_imports", None, (), hour=3, door="door.sweep_roll_imports()"),
    Task("sweep_kept_forms", None, (), every=60, door="door.sweep_kept_forms()"),
    Task("remind_of_reviews", "ReviewsDue", ("school",), hour=6),
    Task("sweep_documents", "DocumentsOverdue", ("school", "agency"), every=60),
    Task("remind_of_consents", "ConsentsExpiring", ("school",), hour=6),
    Task("close_links", "LinksRunningOut", ("school",), hour=6),
)


def ticks(task: Task, until: datetime) -> Iterator[datetime]:
    """The due instants of a task in the catch-up window, oldest first.

    A daily task is due at its London hour on each London date: 23 and 25 hour days have one each.
    """
    if task.hour is None:
        step = timedelta(minutes=task.every)
        midnight = until.replace(hour=0, minute=0, second=0, microsecond=0)
        yield midnight + ((until - midnight) // step) * step
        return
    day = clock.london(until - CATCH_UP).date()
    while day <= clock.london(until).date():
        due = datetime(day.year, day.month, day.day, task.hour, tzinfo=clock.LONDON)
        if until - CATCH_UP < due <= until:
            yield due.astimezone(UTC)
        day += timedelta(days=1)


def run_due(until: datetime) -> list[str]:
    """Claim and start everything that is due. Returns the names of what was ours to start."""
    started = []
    for task in TASKS:
        for due in ticks(task, until):
            with at_the_door() as door:
                claim = text("select door.claim_tick(:task, :due, :kind, cast(:tenants as text[]))")
                values = {"task": task.name, "due": due, "kind": task.event, "tenants": list(task.tenants)}
                if door.scalar(claim, values):
                    started.append(task.name)
                    if task.door:
                        door.execute(text(f"select {task.door}"))
    return started


def main() -> None:
    app = worker_app()
    settings: Settings = app.config["SETTINGS"]
    start_logging(settings.log_level)
    start_sentry(settings.sentry_dsn, release=settings.release, environment=settings.environment)
    stopping: list[int] = []
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda number, _: stopping.append(number))
    with app.app_context():
        while not stopping:
            try:
                run_due(clock.now())
            except DBAPIError as error:
                log.warning("schedule waits", problem=type(error).__name__)
            for _ in range(20):
                if not stopping:
                    time.sleep(1)


if __name__ == "__main__":
    main()
