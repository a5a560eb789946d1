"""The postman: every letter once to each who waits for it, fairly, and never opened on the way."""

import os
from collections.abc import Iterator

import pytest
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.documents.events import DocumentChecked, DocumentUploaded
from app.referrals.events import ReferralAnswered
from infrastructure import queue as queues
from infrastructure.database.ids import new_id
from tests.builders.post import delivery, engine_of, expand, lease, one_lease, write
from tests.builders.sharing import shared_with
from tests.world import World
from workers import relay
from workers.subscriptions import HANDLERS_OF


@pytest.fixture
def redis() -> Iterator[Redis]:
    opened = queues.open_redis(os.environ["REDIS_URL"])
    yield opened
    opened.close()


@pytest.fixture
def outlets(redis: Redis) -> Iterator[dict[str, Queue]]:
    """Queues that no other test writes to."""
    made = {name: queues.open_queue(f"{name}-{new_id()}", redis) for name in (queues.QUICK, queues.FILES)}
    yield made
    for one in made.values():
        one.delete(delete_jobs=True)


def handlers(world: World) -> list[str]:
    rows = world.rows("select handler from delivery where tenant_id = %s order by handler", world.larkrise.id)
    return [row.handler for row in rows]


def test_each_that_waits_for_an_event_gets_a_delivery_of_its_own(world: World) -> None:
    write(world.larkrise, DocumentChecked(document_id=new_id()))
    assert expand(world) == 1
    assert handlers(world) == sorted(HANDLERS_OF["DocumentChecked"])
    assert len(handlers(world)) > 1


def test_an_envelope_is_expanded_once(world: World) -> None:
    write(world.larkrise)
    assert [expand(world), expand(world)] == [1, 0]
    assert len(handlers(world)) == 1


def answered() -> ReferralAnswered:
    """What a job may write to the other end of a share."""
    return ReferralAnswered(reply_id=new_id(), share_id=new_id())


def test_an_event_that_nobody_waits_for_is_put_away(world: World) -> None:
    here = world.larkrise.id
    world.insert("outbox_entry", tenant_id=here, for_tenant_id=here, kind="NobodyWaitsForThis", payload="{}")
    assert expand(world) == 1
    assert handlers(world) == []
    assert expand(world) == 0


def test_post_goes_to_nobody_with_whom_nothing_is_shared(world: World) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        write(world.larkrise, answered(), to=(world.thornbeck,))
    assert expand(world) == 0


def test_post_lies_in_the_addressees_box(world: World) -> None:
    shared_with(world, world.amara, world.thornbeck, "lss")
    write(world.larkrise, answered(), to=(world.thornbeck,))
    expand(world)
    assert handlers(world) == []
    row = world.rows("select author_tenant_id from delivery where tenant_id = %s", world.thornbeck.id)
    assert {found.author_tenant_id for found in row} == {world.larkrise.id}


def test_two_postmen_at_once_do_not_carry_the_same_letter(world: World) -> None:
    write(world.larkrise)
    with engine_of(world).begin() as first, engine_of(world).begin() as second:
        assert relay.expand(first) == 1
        assert relay.expand(second) == 0
    with engine_of(world).begin() as first, engine_of(world).begin() as second:
        assert len(relay.lease(first)) == 1
        assert relay.lease(second) == []


def test_what_is_leased_is_not_leased_again_until_the_lease_is_over(world: World) -> None:
    first = one_lease(world, world.larkrise)
    assert first.attempt == 1
    assert lease(world) == []
    world.execute(
        "update delivery set leased_until = now() - interval '1 second' where id = %s", first.delivery_id
    )
    (second,) = lease(world)
    assert (second.delivery_id, second.attempt) == (first.delivery_id, 2)


@pytest.mark.parametrize("state", ["done", "dead", "cancelled"])
def test_what_is_over_is_not_carried(world: World, state: str) -> None:
    taken = one_lease(world, world.larkrise)
    world.execute(
        "update delivery set state = %s, leased_until = null where id = %s", state, taken.delivery_id
    )
    assert lease(world) == []
    world.execute("update delivery set state = 'waiting' where id = %s", taken.delivery_id)
    assert len(lease(world)) == 1


def test_what_is_due_later_waits(world: World) -> None:
    taken = one_lease(world, world.larkrise)
    later = "update delivery set leased_until = null, due_at = now() + interval '1 hour' where id = %s"
    world.execute(later, taken.delivery_id)
    assert lease(world) == []


def test_everybodys_first_letter_goes_before_anybodys_second(world: World) -> None:
    for _ in range(20):
        write(world.larkrise)
    for quiet in (world.millbrook, world.thornbeck):
        write(quiet)
    while expand(world):
        pass
    taken = [delivery(world, item.delivery_id).tenant_id for item in lease(world, limit=4)]
    assert set(taken) == {world.larkrise.id, world.millbrook.id, world.thornbeck.id}
    assert taken.count(world.larkrise.id) == 2


def test_a_letter_is_not_opened_on_the_way(world: World) -> None:
    write(world.larkrise)
    with engine_of(world).begin() as connection:
        assert connection.scalar(text("select count(kind) from outbox_entry where expanded_at is null")) == 1
    for forbidden in ("payload", "person_id", "share_id"):
        with (
            engine_of(world).begin() as connection,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            connection.execute(text(f"select {forbidden} from outbox_entry"))


def test_the_postman_reads_no_school(world: World) -> None:
    with engine_of(world).begin() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("select * from pupil"))


def test_the_queue_hears_an_id_and_a_number_and_nothing_else(world: World, outlets: dict[str, Queue]) -> None:
    write(world.larkrise)
    assert relay.carry(engine_of(world), outlets) == 2
    (job,) = outlets[queues.QUICK].jobs
    (row,) = world.rows("select id from delivery where tenant_id = %s", world.larkrise.id)
    assert job.id == f"{row.id}-1"
    assert (job.func_name, list(job.args), job.kwargs) == ("workers.runner.run", [str(row.id), 1], {})
    assert relay.carry(engine_of(world), outlets) == 0


def test_files_from_outside_go_to_workers_of_their_own(world: World, outlets: dict[str, Queue]) -> None:
    write(world.larkrise, DocumentUploaded(document_id=new_id()))
    relay.carry(engine_of(world), outlets)
    assert len(outlets[queues.FILES].jobs) == 1
    assert outlets[queues.QUICK].jobs == []


def test_when_valkey_is_gone_nothing_is_lost(world: World, outlets: dict[str, Queue]) -> None:
    """The lease runs out, and the letter is carried again as another attempt."""
    write(world.larkrise)
    gone = queues.open_redis("redis://127.0.0.1:1/0")
    closed = {name: queues.open_queue(name, gone) for name in outlets}
    with pytest.raises(RedisError):
        relay.carry(engine_of(world), closed)
    world.execute("update delivery set leased_until = now() where tenant_id = %s", world.larkrise.id)
    assert relay.carry(engine_of(world), outlets) == 1
    assert outlets[queues.QUICK].jobs[0].id.endswith("-2")
