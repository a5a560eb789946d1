"""The queue: RQ as a wake-up call. It carries ids of deliveries and can call one function only."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker, Worker
from rq.exceptions import DuplicateJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from infrastructure.limits import Limits, tighten

QUICK, FILES = "quick", "files"
THE_FUNCTION = "workers.runner.run"
NUDGE_KEY = "t:relay:nudge"
LEASE_SECONDS = 60
KEEP_FAILED_SECONDS = (
    5  # PostgreSQL remembers; here it would stand in the way when the operator sends it again
)

Death = Callable[[str, int], None]  # told of the delivery and the attempt


class RefusedJob(Exception):
    """Somebody put work into the queue that is not ours."""


class SafeJob(Job):
    """JSON alone still runs any dotted path: only one function, with an id and a number, is ever called."""

    @property
    def func(self) -> Any:
        if self.func_name != THE_FUNCTION or self.kwargs or len(self.args) != 2:
            raise RefusedJob
        UUID(str(self.args[0]))
        return super().func

    def restore(self, raw_data: Any) -> Any:
        restored = super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
        return restored


class LimitedWorker(Worker):
    """Each job in a process of its own, with limits."""

    limits = Limits()

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        tighten(self.limits)
        super().main_work_horse(job, queue)


def open_redis(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=None, health_check_interval=30)


def open_queue(name: str, connection: Redis) -> Queue:
    return Queue(name, connection=connection, serializer=JSONSerializer, job_class=SafeJob)


def send(queue: Queue, delivery_id: UUID, attempt: int) -> None:
    """Ask for one attempt at one delivery. Sending the same attempt twice is no error: it runs once."""
    with suppress(DuplicateJobError):
        queue.enqueue(
            THE_FUNCTION,
            str(delivery_id),
            attempt,
            job_id=f"{delivery_id}-{attempt}",
            unique=True,
            job_timeout=LEASE_SECONDS - 5,  # an attempt is over before the relay may lease it again
            result_ttl=0,
            failure_ttl=KEEP_FAILED_SECONDS,
        )


def nudge(connection: Redis) -> None:
    """Tell the relay that there is post. A nudge that fails is no error: the relay also looks by itself."""
    with suppress(RedisError, OSError):
        pipe = connection.pipeline()
        pipe.lpush(NUDGE_KEY, b"1")
        pipe.ltrim(NUDGE_KEY, 0, 0)
        pipe.execute()


def wait_for_nudge(connection: Redis, seconds: int) -> None:
    connection.brpop([NUDGE_KEY], timeout=seconds)


def work(
    names: list[str],
    connection: Redis,
    *,
    on_death: Death | None = None,
    limits: Limits | None = None,
    burst: bool = False,
) -> None:
    """Serve queues until told to stop. With `on_death` each job gets a process of its own, for untrusted files."""
    worker = (LimitedWorker if on_death else SimpleWorker)(
        [open_queue(name, connection) for name in names],
        connection=connection,
        serializer=JSONSerializer,
        job_class=SafeJob,
        worker_ttl=60,
        maintenance_interval=30,
        job_monitoring_interval=10,
        log_job_description=False,
        work_horse_killed_handler=on_death and (lambda job, *_: on_death(*job.args)),
    )
    if isinstance(worker, LimitedWorker) and limits:
        worker.limits = limits
    worker.work(burst=burst, logging_level="WARNING", with_scheduler=False)
