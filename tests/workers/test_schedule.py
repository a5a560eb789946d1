"""The clock on the wall: each tick once, whoever looks at it, on long days and on short ones."""

import random
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.audit.verify import verify
from app.kernel import clock
from tests.builders.post import engine_of
from tests.world import World
from workers import schedule
from workers.home import worker_app
from workers.schedule import CATCH_UP, Task, run_due, ticks

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
HOURLY = timedelta(hours=1)


@pytest.fixture
def moment() -> datetime:
    """An instant that no other test has used."""
    return datetime(2031, 1, 1, 12, tzinfo=UTC) + timedelta(minutes=5 * random.randrange(10_000_000))


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Task:
    """The only task of these tests: an envelope for each school, every five minutes."""
    made = Task("look_around", "NobodyWaitsForThis", ("school",), every=5)
    monkeypatch.setattr(schedule, "TASKS", (made,))
    return made


def envelopes(world: World) -> list[str]:
    kind = "NobodyWaitsForThis"
    tenants = {at.id: at.slug for at in (world.larkrise, world.millbrook, world.thornbeck, world.ashmere)}
    rows = world.rows("select tenant_id from outbox_entry where kind = %s", kind)
    return sorted(tenants[row.tenant_id] for row in rows if row.tenant_id in tenants)


def due_on(day: date, task: Task, step: timedelta) -> set[datetime]:
    """Every tick of that London day that a schedule finds which looks at the clock every `step`."""
    looked = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    found: set[datetime] = set()
    while looked < datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=3):
        found |= {due for due in ticks(task, looked) if clock.london(due).date() == day}
        looked += step
    return found


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("day", [SPRING, AUTUMN, date(2026, 11, 23)])
def test_a_daily_task_has_one_tick_on_every_day(day: date, hour: int) -> None:
    task = Task("daily", None, (), hour=hour)
    assert len(due_on(day, task, timedelta(minutes=20))) == 1


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_the_days_of_the_clock_change_are_short_and_long(day: date) -> None:
    begins, ends = (clock.instant(one, datetime.min.time()) for one in (day, day + timedelta(days=1)))
    assert (ends - begins) / HOURLY == (23 if day == SPRING else 25)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_a_morning_task_keeps_its_hour_in_london(day: date) -> None:
    (due,) = due_on(day, Task("daily", None, (), hour=6), HOURLY)
    assert clock.london(due).hour == 6


def test_a_frequent_task_ticks_in_utc_through_the_clock_change() -> None:
    task = Task("often", None, (), every=5)
    begins = clock.instant(AUTUMN, datetime.min.time())
    found = {due for minute in range(25 * 60) for due in ticks(task, begins + timedelta(minutes=minute))}
    assert len(found) == 25 * 12


def test_a_schedule_that_was_down_catches_up_with_yesterday_and_not_with_last_week() -> None:
    until = datetime(2026, 11, 23, 7, tzinfo=UTC)
    found = list(ticks(Task("daily", None, (), hour=6), until))
    assert found == [until - timedelta(hours=25), until - HOURLY]
    assert all(until - due < CATCH_UP for due in found)


def test_before_its_hour_a_task_is_not_due() -> None:
    until = datetime(2026, 11, 23, 5, 59, tzinfo=UTC)
    assert list(ticks(Task("daily", None, (), hour=6), until)) == [until - timedelta(hours=23, minutes=59)]


def test_each_active_organisation_of_the_kind_hears_of_a_tick(
    world: World, task: Task, moment: datetime
) -> None:
    world.execute("update tenant set status = 'suspended' where id = %s", world.millbrook.id)
    with worker_app().app_context():
        assert run_due(moment) == [task.name]
    assert envelopes(world) == [world.larkrise.slug]


def test_the_same_tick_is_not_started_again(world: World, task: Task, moment: datetime) -> None:
    with worker_app().app_context():
        assert run_due(moment) == [task.name]
        assert run_due(moment + timedelta(minutes=4)) == []
        assert run_due(moment + timedelta(minutes=5)) == [task.name]
    assert envelopes(world) == sorted([world.larkrise.slug, world.millbrook.slug] * 2)


def test_however_many_schedules_run_a_tick_is_started_once(
    world: World, task: Task, moment: datetime
) -> None:
    together, started = threading.Barrier(4), []

    def look() -> None:
        with worker_app().app_context():
            for tick in range(5):
                together.wait(timeout=20)
                started.extend(run_due(moment + timedelta(minutes=5 * tick)))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert started == [task.name] * 5
    assert envelopes(world) == sorted([world.larkrise.slug, world.millbrook.slug] * 5)


def test_a_tick_whose_work_fails_is_started_again(
    world: World, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claim and work are one transaction: a schedule that dies between them has claimed nothing."""
    failing = Task("fail", None, (), every=5, door="door.no_such_function()")
    monkeypatch.setattr(schedule, "TASKS", (failing,))
    with worker_app().app_context(), pytest.raises(Exception, match="no_such_function"):
        run_due(moment)
    monkeypatch.setattr(schedule, "TASKS", (Task("fail", None, (), every=5),))
    with worker_app().app_context():
        assert run_due(moment) == ["fail"]


def test_every_task_that_really_runs_can_run(world: World, moment: datetime) -> None:
    with worker_app().app_context():
        assert set(run_due(moment)) == {task.name for task in schedule.TASKS}


def test_the_schedule_seals_the_audit(
    world: World, moment: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "TASKS", tuple(t for t in schedule.TASKS if t.name == "seal_audit"))
    seals = "select count(*) from audit_seal where tenant_id = %s"
    assert world.scalar(seals, world.larkrise.id) == 0
    with worker_app().app_context():
        run_due(moment)
    assert world.scalar(seals, world.larkrise.id) == 1


def test_what_is_still_being_written_waits_for_the_next_seal(world: World) -> None:
    """A transaction that began before the seal and commits after it is in the next one, not lost between two."""
    touch = "update pupil set version = version + 1 where id = %s"
    with world.database.as_admin() as slow:
        slow.execute("begin")
        slow.execute(touch, [world.amara.id])
        for _ in range(2):
            world.execute(touch, world.idris.id)
            with engine_of(world, "send_worker").begin() as connection:
                connection.execute(text("select door.seal_audit()"))
        slow.execute("commit")
    with engine_of(world, "send_worker").begin() as connection:
        connection.execute(text("select door.seal_audit()"))
    sealed = world.scalar("select sum(entries) from audit_seal where tenant_id = %s", world.larkrise.id)
    assert sealed == world.scalar("select count(*) from audit_entry where tenant_id = %s", world.larkrise.id)
    with engine_of(world, "send_auditor").begin() as auditor:
        (verdict,) = [found for found in verify(auditor) if found.slug == world.larkrise.slug]
    assert verdict.broken is None
