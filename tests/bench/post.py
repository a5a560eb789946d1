"""From the commit of a form to the start of its job, against asking RQ for the same job directly."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from infrastructure import queue as queues
from infrastructure.database.ids import new_id
from tests.bench.cpu import ratio
from tests.live import live_service
from tests.reliability.sender import Sender
from tests.services import TestDatabase
from tests.world import World

EACH = 40
LIMIT = 5.0
# The last thing before a commit: when the envelope is written its form has still work to do.
_NOTE_COMMITS = """
    create table commit_moment (entry_id uuid, at timestamptz);
    create function note_commit() returns trigger language plpgsql security definer as
        'begin insert into commit_moment values (new.id, clock_timestamp()); return null; end';
    create constraint trigger note_commit after insert on outbox_entry deferrable initially deferred
        for each row when (new.kind = 'SafeguardingNoteWritten') execute function note_commit()"""
_JOB_STARTED = """select extract(epoch from max(created_at)) from notification
    where kind = 'safeguarding_note' and person_id = %s"""
_WAITING = """select exists (select from outbox_entry where expanded_at is null)
    or exists (select from delivery where state = 'waiting')"""


def post_against_enqueue(database: TestDatabase, repeats: int) -> str:
    """Both in turn, so that they meet the same noise; each waits until what the one before has caused is done."""
    with (
        tempfile.TemporaryDirectory() as log,
        live_service(database, Path(log), "web", "relay", "quick") as live,
    ):
        race = Race(World(database, live.domain), live.port)
        for _ in range(5):
            race.run()
        rounds = [[race.run() for _ in range(EACH)] for _ in range(repeats)]
    lines = []
    for words, point in (("p50", 10), ("p95", 19)):
        posted, direct = (
            [statistics.quantiles([pair[side] for pair in pairs], n=20)[point - 1] for pairs in rounds]
            for side in (0, 1)
        )
        lines.append(ratio(f"commit to job start / direct enqueue, {words}", posted, direct, LIMIT))
    return "\n".join(lines)


class Race:
    """A note about a child is kept; its safeguarding lead is told by a job."""

    def __init__(self, world: World, port: int) -> None:
        self.world = world
        self.redis = queues.open_redis(os.environ["REDIS_URL"])
        self.outlet = queues.open_queue(queues.QUICK, self.redis)
        self.path = f"/pupils/{world.amara.id}/safeguarding-notes"
        self.sender = Sender(port, world.host_of(world.assistant), world.session_of(world.assistant))
        self.sender.read_token(f"{self.path}/new")
        world.execute(_NOTE_COMMITS)

    def run(self) -> tuple[float, float]:
        """Milliseconds through the post, and directly."""
        return self._from(self._post), self._from(self._enqueue)

    def _from(self, begin: Callable[[], Callable[[], float]]) -> float:
        before = self._told()
        moment = begin()
        _wait(lambda: self._told() > before)
        started = float(self.world.scalar(_JOB_STARTED, self.world.dsl.id))
        queues.nudge(self.redis)  # the mail that follows must not stand in the way of the next
        _wait(lambda: not self.world.scalar(_WAITING))
        return (started - moment()) * 1000

    def _post(self) -> Callable[[], float]:
        day = {"happened_on-day": "9", "happened_on-month": "3", "happened_on-year": "2026"}
        assert self.sender.send(self.path, {**day, "words": str(new_id())})
        return lambda: float(self.world.scalar("select extract(epoch from max(at)) from commit_moment"))

    def _enqueue(self) -> Callable[[], float]:
        """The same job for a delivery that is leased already."""
        entry, delivery, tenant = new_id(), new_id(), self.world.larkrise.id
        note = self.world.scalar("select id from safeguarding_note where tenant_id = %s limit 1", tenant)
        self.world.execute(
            "insert into outbox_entry (tenant_id, id, for_tenant_id, kind, payload, expanded_at) "
            "values (%s, %s, %s, 'SafeguardingNoteWritten', jsonb_build_object('note_id', %s::text), now())",
            *(tenant, entry, tenant, note),
        )
        self.world.execute(
            "insert into delivery (tenant_id, id, author_tenant_id, entry_id, handler, attempts, leased_until) "
            "values (%s, %s, %s, %s, 'tell_safeguarding_lead', 1, now() + interval '1 minute')",
            *(tenant, delivery, tenant, entry),
        )
        asked = time.time()
        queues.send(self.outlet, delivery, 1)
        return lambda: asked

    def _told(self) -> int:
        return int(
            self.world.scalar("select count(*) from notification where person_id = %s", self.world.dsl.id)
        )


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline, "the job never ran"
        time.sleep(0.005)
