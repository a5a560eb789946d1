"""The postman: expands envelopes into one delivery for each handler, leases what is due, and cannot read inside."""

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from infrastructure import queue as queues
from infrastructure.database.door import open_engine
from infrastructure.database.ids import new_id
from infrastructure.observability import start_logging, start_sentry
from infrastructure.settings import Settings
from workers.subscriptions import HANDLERS_OF, QUEUE_OF

log = structlog.get_logger(__name__)

BATCH = 100

_WAITING = text("""
    select tenant_id, id, for_tenant_id, kind from outbox_entry where expanded_at is null
    order by occurred_at limit :limit for update skip locked""")
_DELIVER = text("""
    insert into delivery (tenant_id, id, author_tenant_id, entry_id, handler)
    values (:tenant_id, :id, :author_tenant_id, :entry_id, :handler) on conflict do nothing""")
_EXPANDED = text(
    "update outbox_entry set expanded_at = now() where (tenant_id, id) in (select * from unnest(cast(:tenants as uuid[]), cast(:ids as uuid[])))"
)
# Fair between tenants: everybody's first letter goes before anybody's second.
_DUE = text("""
    with fair as (
        select tenant_id, id, row_number() over (partition by tenant_id order by due_at, id) as turn
        from delivery where state = 'waiting' and due_at <= now() and (leased_until is null or leased_until < now())
        order by turn, tenant_id limit :limit)
    select d.tenant_id, d.id from delivery d join fair f on f.tenant_id = d.tenant_id and f.id = d.id
    where d.state = 'waiting' and (d.leased_until is null or d.leased_until < now())
    order by f.turn for update of d skip locked""")
_LEASE = text("""
    update delivery set attempts = attempts + 1, leased_until = now() + make_interval(secs => :lease)
    where tenant_id = :tenant_id and id = :id returning id, handler, attempts""")


@dataclass(frozen=True, slots=True)
class Lease:
    """One attempt at one delivery, to be asked for."""

    delivery_id: UUID
    handler: str
    attempt: int


def expand(connection: Connection, *, limit: int = BATCH) -> int:
    """Turn each waiting envelope into one delivery for each of its handlers."""
    waiting = connection.execute(_WAITING, {"limit": limit}).all()
    rows = [
        {
            "tenant_id": e.for_tenant_id,
            "id": new_id(),
            "author_tenant_id": e.tenant_id,
            "entry_id": e.id,
            "handler": name,
        }
        for e in waiting
        for name in HANDLERS_OF.get(e.kind, ())
    ]
    if rows:
        connection.execute(_DELIVER, rows)
    if waiting:
        connection.execute(
            _EXPANDED, {"tenants": [e.tenant_id for e in waiting], "ids": [e.id for e in waiting]}
        )
    return len(waiting)


def lease(connection: Connection, *, limit: int = BATCH, seconds: int = queues.LEASE_SECONDS) -> list[Lease]:
    """Take what is due, for a minute: if nobody has done it by then, it is due again."""
    due = connection.execute(_DUE, {"limit": limit}).all()
    taken = []
    for row in due:
        parameters = {"lease": seconds, "tenant_id": row.tenant_id, "id": row.id}
        taken.append(Lease(*connection.execute(_LEASE, parameters).one()))
    return taken


def carry(engine: Engine, outlets: dict[str, Queue], *, seconds: int = queues.LEASE_SECONDS) -> int:
    """One round. The lease is committed before RQ hears of it, so a crash in between costs a minute, not a letter."""
    with engine.begin() as connection:
        expanded = expand(connection)
    with engine.begin() as connection:
        taken = lease(connection, seconds=seconds)
    for item in taken:
        queues.send(outlets[QUEUE_OF.get(item.handler, queues.QUICK)], item.delivery_id, item.attempt)
    return expanded + len(taken)


def main(seconds: int = queues.LEASE_SECONDS) -> None:
    settings = Settings.from_environment(os.environ, needs=("database", "redis"))
    start_logging(settings.log_level)
    start_sentry(settings.sentry_dsn, release=settings.release, environment=settings.environment)
    assert settings.database_url
    assert settings.redis_url
    engine, redis = open_engine(settings.database_url), queues.open_redis(settings.redis_url)
    outlets = {name: queues.open_queue(name, redis) for name in (queues.QUICK, queues.FILES)}
    stopping: list[int] = []
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda number, _: stopping.append(number))
    while not stopping:
        _round(engine, redis, outlets, seconds)


def _round(engine: Engine, redis: Redis, outlets: dict[str, Queue], seconds: int) -> None:
    try:
        if carry(engine, outlets, seconds=seconds) == 0:
            queues.wait_for_nudge(redis, 1)
    except (DBAPIError, RedisError, OSError) as error:
        # Whatever is down comes back; the post waits in PostgreSQL meanwhile.
        log.warning("relay waits", problem=type(error).__name__)
        with suppress(InterruptedError):
            time.sleep(1)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
