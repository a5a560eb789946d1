"""One attempt at one delivery: done, or tried again later, or given up; never twice and never out of turn."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.notifications import service
from infrastructure.database.ids import new_id
from tests.builders.post import delivery, engine_of, errand_at, expand, lease, one_lease
from tests.world import World
from workers import runner
from workers.relay import Lease
from workers.runner import BACKOFF, LAST_ATTEMPT, died, run


def mail_for(world: World) -> Lease:
    """A leased mail to the SENDCO about a message."""
    with errand_at(world.larkrise):
        service.tell([world.sendco.id], "plan_agreed", "/", audience="school")
    expand(world)
    (taken,) = lease(world)
    return taken


def broken(world: World, attempts: int = 1) -> UUID:
    """A delivery whose handler this release does not have."""
    taken = one_lease(world, world.larkrise)
    change = "update delivery set handler = 'from_another_release', attempts = %s where id = %s"
    world.execute(change, attempts, taken.delivery_id)
    return taken.delivery_id


def test_an_attempt_does_its_work_and_says_so(world: World) -> None:
    taken = mail_for(world)
    run(str(taken.delivery_id), 1)
    assert len(world.mails()) == 1
    row = delivery(world, taken.delivery_id)
    assert (row.state, row.leased_until, row.problem) == ("done", None, None)
    assert row.done_at is not None


def test_done_is_done(world: World) -> None:
    taken = mail_for(world)
    for _ in range(3):
        run(str(taken.delivery_id), 1)
    assert len(world.mails()) == 1


def test_an_older_attempt_does_nothing(world: World) -> None:
    taken = mail_for(world)
    world.execute("update delivery set leased_until = now() where id = %s", taken.delivery_id)
    (again,) = lease(world)
    run(str(taken.delivery_id), taken.attempt)
    assert world.mails() == []
    assert delivery(world, taken.delivery_id).state == "waiting"
    run(str(again.delivery_id), again.attempt)
    assert len(world.mails()) == 1


def test_what_was_cancelled_is_not_done(world: World) -> None:
    taken = mail_for(world)
    world.execute("update delivery set state = 'cancelled' where id = %s", taken.delivery_id)
    run(str(taken.delivery_id), 1)
    assert world.mails() == []
    assert delivery(world, taken.delivery_id).state == "cancelled"


def test_while_one_works_another_goes_home(world: World) -> None:
    taken = mail_for(world)
    with engine_of(world, "send_worker").begin() as busy:
        held = busy.execute(text("select * from door.open_delivery(:id, 1)"), {"id": taken.delivery_id}).all()
        assert len(held) == 1
        run(str(taken.delivery_id), 1)
        assert world.mails() == []
    run(str(taken.delivery_id), 1)
    assert len(world.mails()) == 1


def test_a_delivery_that_does_not_exist_is_nothing_to_do(world: World) -> None:
    run(str(new_id()), 1)
    assert world.mails() == []


def test_what_fails_is_tried_again_later(world: World) -> None:
    broken_id = broken(world)
    run(str(broken_id), 1)
    row = delivery(world, broken_id)
    assert (row.state, row.problem, row.leased_until) == ("waiting", "KeyError", None)
    assert lease(world) == []


@pytest.mark.parametrize("attempt", range(1, len(BACKOFF) + 1))
def test_each_wait_is_as_long_as_it_should_be(world: World, attempt: int) -> None:
    broken_id = broken(world, attempt)
    run(str(broken_id), attempt)
    wait = delivery(world, broken_id).due_at - datetime.now(UTC)
    slack = timedelta(seconds=20)
    assert BACKOFF[attempt - 1] * 0.8 - slack < wait < BACKOFF[attempt - 1] * 1.2 + slack
    assert delivery(world, broken_id).state == "waiting"


def test_after_the_last_try_it_is_dead(world: World) -> None:
    broken_id = broken(world, len(BACKOFF) + 1)
    run(str(broken_id), len(BACKOFF) + 1)
    assert delivery(world, broken_id).state == "dead"


def test_what_always_takes_its_worker_along_is_not_tried_for_ever(world: World) -> None:
    """Nobody could say that those attempts failed; only their leases ran out."""
    taken = mail_for(world)
    world.execute("update delivery set attempts = %s where id = %s", LAST_ATTEMPT + 1, taken.delivery_id)
    run(str(taken.delivery_id), LAST_ATTEMPT + 1)
    assert world.mails() == []
    assert delivery(world, taken.delivery_id).state == "dead"


def test_a_death_that_cannot_be_noted_ends_no_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease runs out by itself."""
    taken = mail_for(world)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "at_the_door", lambda: engine_of(world, "send_auditor").begin())
        died(str(taken.delivery_id), 1)
    died("no id", 1)
    assert delivery(world, taken.delivery_id).state == "waiting"


def test_what_cannot_be_helped_is_dead_at_once_and_leaves_nothing_behind(world: World) -> None:
    taken = mail_for(world)
    world.execute("update person set email = 'nobody ' || id where id = %s", world.sendco.id)
    run(str(taken.delivery_id), 1)
    row = delivery(world, taken.delivery_id)
    assert (row.state, row.problem) == ("dead", "GiveUp")
    assert world.scalar("select mailed_at from notification where person_id = %s", world.sendco.id) is None


def test_what_is_sent_again_starts_from_the_beginning(world: World) -> None:
    taken = mail_for(world)
    world.execute("update delivery set state = 'dead', attempts = 12 where id = %s", taken.delivery_id)
    with engine_of(world, "send_worker").begin() as door:
        assert door.scalar(text("select door.send_again(:id)"), {"id": taken.delivery_id}) is True
    (again,) = lease(world)
    assert again.attempt == 1
    run(str(again.delivery_id), again.attempt)
    assert len(world.mails()) == 1


def test_a_problem_is_kept_as_the_name_of_an_error_only(world: World) -> None:
    """Sentences of errors may repeat what was written; the name of their kind cannot."""
    broken_id = broken(world)
    run(str(broken_id), 1)
    assert "from_another_release" not in str(delivery(world, broken_id).problem)


def test_a_worker_reads_nothing_without_a_delivery(world: World) -> None:
    with engine_of(world, "send_worker").begin() as connection:
        connection.execute(text("set local role send_system"))
        assert connection.scalar(text("select count(*) from notification")) == 0
        assert connection.scalar(text("select count(*) from pupil")) == 0
