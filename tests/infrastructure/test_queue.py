"""Whoever can write to Valkey can still make no worker do anything but try a delivery of ours."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Callback, Queue, SimpleWorker
from rq.serializers import JSONSerializer

from infrastructure import queue as queues
from infrastructure.database.ids import new_id

SPRING = "tests.infrastructure.trap.spring"


@pytest.fixture
def redis() -> Iterator[Redis]:
    opened = queues.open_redis(os.environ["REDIS_URL"])
    yield opened
    opened.close()


@pytest.fixture
def name(redis: Redis) -> Iterator[str]:
    """A queue that nobody else serves; the worker's signal handlers go when the test goes."""
    held = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    made = f"test-{new_id()}"
    yield made
    for number, handler in held.items():
        signal.signal(number, handler)
    Queue(made, connection=redis, serializer=JSONSerializer).delete(delete_jobs=True)


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the trap leaves behind."""
    monkeypatch.setenv("TRAP_MARK", str(tmp_path / "sprung"))
    return tmp_path / "sprung"


def intruder(name: str, redis: Redis) -> Queue:
    """Plain RQ, as somebody who got hold of Valkey would use it."""
    return Queue(name, connection=redis, serializer=JSONSerializer)


def work(name: str, redis: Redis) -> None:
    queues.work([name], redis, burst=True)


def naive_work(name: str, redis: Redis) -> None:
    worker = SimpleWorker([intruder(name, redis)], connection=redis, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")


def test_plain_rq_would_call_whatever_it_is_told(name: str, redis: Redis, mark: Path) -> None:
    """The trap works: this is what the tests below are about."""
    intruder(name, redis).enqueue(SPRING)
    naive_work(name, redis)
    assert mark.exists()


def test_plain_rq_would_call_back_whatever_it_is_told(name: str, redis: Redis, mark: Path) -> None:
    intruder(name, redis).enqueue(queues.THE_FUNCTION, "no id", 1, on_failure=Callback(SPRING))
    naive_work(name, redis)
    assert mark.exists()


def test_a_foreign_function_is_refused(name: str, redis: Redis, mark: Path) -> None:
    job = intruder(name, redis).enqueue(SPRING)
    work(name, redis)
    assert not mark.exists()
    assert job.get_status(refresh=True) == "failed"


def test_a_shell_command_is_refused(name: str, redis: Redis, mark: Path) -> None:
    job = intruder(name, redis).enqueue("os.system", f"touch {mark}")
    work(name, redis)
    assert not mark.exists()
    assert job.get_status(refresh=True) == "failed"


def test_callbacks_are_refused_even_on_our_own_function(name: str, redis: Redis, mark: Path) -> None:
    callback = Callback(SPRING)
    for arguments in ((str(new_id()), 1), ("no id", 1)):
        intruder(name, redis).enqueue(
            queues.THE_FUNCTION, *arguments, on_success=callback, on_failure=callback, on_stopped=callback
        )
    work(name, redis)
    assert not mark.exists()


@pytest.mark.parametrize("arguments", [("../../etc/passwd", 1), (), (str(new_id()),), (str(new_id()), 1, 2)])
def test_our_own_function_takes_an_id_and_a_number_only(
    name: str, redis: Redis, arguments: tuple[object, ...]
) -> None:
    job = intruder(name, redis).enqueue(queues.THE_FUNCTION, *arguments)
    work(name, redis)
    assert job.get_status(refresh=True) == "failed"


def test_the_same_attempt_sent_twice_is_one_job(name: str, redis: Redis) -> None:
    outlet, delivery = queues.open_queue(name, redis), new_id()
    for attempt in (1, 1, 2):
        queues.send(outlet, delivery, attempt)
    assert sorted(outlet.job_ids) == [f"{delivery}-1", f"{delivery}-2"]


def test_a_nudge_wakes_the_relay_and_a_missing_valkey_is_no_error(redis: Redis) -> None:
    queues.nudge(queues.open_redis("redis://127.0.0.1:1/0"))
    queues.nudge(redis)
    queues.wait_for_nudge(redis, 1)
    assert redis.llen(queues.NUDGE_KEY) == 0
