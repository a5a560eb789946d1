"""Post for tests: an envelope, its deliveries, the relay's and the worker's engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.kernel.events import Event, record
from app.notifications.events import NotificationWritten
from infrastructure.database.door import open_engine, unit_of_work
from infrastructure.database.ids import new_id
from tenants import context
from tests.services import database_url
from tests.world import Organisation, World
from workers import relay
from workers.home import worker_app
from workers.relay import Lease


@contextmanager
def errand_at(at: Organisation) -> Iterator[Session]:
    """Where handlers run: as the system, in one organisation."""
    with worker_app().app_context(), unit_of_work(context.of_tenant(at.id)) as session:
        yield session


def engine_of(world: World, login: str = "send_relay") -> Engine:
    return open_engine(database_url(login, world.database.name).replace("://", "+psycopg://", 1))


def write(at: Organisation, *events: Event, to: tuple[Organisation, ...] = ()) -> None:
    """Envelopes of this organisation. Without an event: one about a message that is not there, so nothing follows."""
    with errand_at(at):
        for event in events or (NotificationWritten(notification_id=new_id()),):
            record(event, to=[tenant.id for tenant in to])


def expand(world: World) -> int:
    with engine_of(world).begin() as connection:
        return relay.expand(connection)


def lease(world: World, *, limit: int = 100, seconds: int = 60) -> list[Lease]:
    with engine_of(world).begin() as connection:
        return relay.lease(connection, limit=limit, seconds=seconds)


def one_lease(world: World, at: Organisation) -> Lease:
    """Written, expanded and leased for the first attempt."""
    write(at)
    expand(world)
    (taken,) = lease(world)
    return taken


def delivery(world: World, delivery_id: UUID) -> Any:
    (row,) = world.rows("select * from delivery where id = %s", delivery_id)
    return row
