"""A worker that opens files: what one file does to its process happens to that process only."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from redis import Redis

from app.documents.events import DocumentUploaded
from app.kernel.events import Event, record
from infrastructure import queue as queues
from infrastructure.database.ids import new_id
from infrastructure.limits import MEGABYTE, Limits
from tests.builders.documents import checking_document, storage
from tests.builders.post import delivery, errand_at, expand, lease
from tests.infrastructure.scanning import files
from tests.world import World
from workers import runner
from workers.errand import Errand
from workers.relay import Lease
from workers.subscriptions import HANDLERS


@pytest.fixture
def redis() -> Iterator[Redis]:
    """The signal handlers that a worker sets go when the test goes."""
    held = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    opened = queues.open_redis(os.environ["REDIS_URL"])
    yield opened
    opened.close()
    for number, handler in held.items():
        signal.signal(number, handler)


def checked(world: World, content: bytes, filename: str) -> tuple[UUID, Lease]:
    """A document that waits, and the lease of its check."""
    storage()
    document_id = checking_document(world, world.amara, content=content, filename=filename)
    with errand_at(world.larkrise):
        record(DocumentUploaded(document_id=document_id))
    expand(world)
    (taken,) = lease(world)
    return document_id, taken


def work(redis: Redis, *leases: Lease, limits: Limits | None = None) -> None:
    """A worker of files takes these, in processes of their own, and comes to its end."""
    name = f"test-{new_id()}"
    for taken in leases:
        queues.send(queues.open_queue(name, redis), taken.delivery_id, taken.attempt)
    queues.work([name], redis, on_death=runner.died, limits=limits, burst=True)


def status(world: World, document_id: UUID) -> tuple[str, str | None]:
    (row,) = world.rows("select status, problem from document where id = %s", document_id)
    return row.status, row.problem


def picture(side: int) -> bytes:
    return files.picture(size=(side, side))


def die(_: Event, __: Errand) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_file_that_unfolds_to_too_much_is_refused_and_the_next_is_checked(
    world: World, redis: Redis
) -> None:
    tight = Limits(memory=40 * MEGABYTE)
    huge, first = checked(world, picture(4000), "huge.png")
    small, second = checked(world, picture(60), "small.png")
    work(redis, first, second, limits=tight)
    assert status(world, huge) == (
        "refused",
        "The selected file could not be opened. Save it again and try once more",
    )
    assert status(world, small) == ("clean", None)


def test_within_the_usual_limits_the_same_file_is_fine(world: World, redis: Redis) -> None:
    huge, taken = checked(world, picture(4000), "huge.png")
    work(redis, taken)
    assert status(world, huge) == ("clean", None)


def test_a_process_that_is_killed_is_tried_again_later_and_the_worker_goes_on(
    world: World, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id, taken = checked(world, files.PDF, "letter.pdf")
    with monkeypatch.context() as patch:
        patch.setitem(HANDLERS, "check_document", die)
        work(redis, taken)
    row = delivery(world, taken.delivery_id)
    assert (row.state, row.problem, row.leased_until) == ("waiting", "Killed", None)
    assert row.due_at > datetime.now(UTC) + timedelta(seconds=5)
    world.execute("update delivery set due_at = now() where id = %s", taken.delivery_id)
    (again,) = lease(world)
    work(redis, again)
    assert status(world, document_id) == ("clean", None)


def test_what_kills_its_process_every_time_is_reported_as_dead(
    world: World, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, taken = checked(world, files.PDF, "letter.pdf")
    world.execute("update delivery set attempts = %s where id = %s", runner.KILLED_TIMES, taken.delivery_id)
    monkeypatch.setitem(HANDLERS, "check_document", die)
    work(redis, Lease(taken.delivery_id, taken.handler, runner.KILLED_TIMES))
    assert delivery(world, taken.delivery_id).state == "dead"


def test_a_killed_attempt_soon_stands_in_nobodys_way(
    world: World, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent again by the operator it begins at the first attempt, under a name that RQ has seen."""
    _, taken = checked(world, files.PDF, "letter.pdf")
    monkeypatch.setitem(HANDLERS, "check_document", die)
    work(redis, taken)
    assert redis.ttl(f"rq:job:{taken.delivery_id}-1") in range(-2, queues.KEEP_FAILED_SECONDS + 1)
