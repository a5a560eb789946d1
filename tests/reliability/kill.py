"""Kill everything at random while people work: `python3 dev.py kill --rounds 50`.

Each kept form is a safeguarding note: one row, one notification for the safeguarding lead, one mail. Nothing kept may
be lost and no effect in the database may happen twice; a mail may, with the same Message-ID.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psycopg

from infrastructure.queue import open_redis
from tests.live import SHORT_LEASE, Live, live_service
from tests.reliability.sender import Sender
from tests.standalone import standalone_database
from tests.world import Somebody, World

PROCESSES = ("relay", "quick-1", "quick-2")
DRAIN_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Outcome:
    kills: int
    committed: int
    lost: int
    doubled: int
    mails_doubled: int

    def __str__(self) -> str:
        return (
            f"kills {self.kills}, committed {self.committed}, lost {self.lost}, doubled {self.doubled}, "
            f"mails doubled {self.mails_doubled}"
        )


class Campaign:
    """Two people send notes; somebody pulls plugs."""

    def __init__(self, live: Live, world: World) -> None:
        self.live, self.world = live, world
        self.path = f"/pupils/{world.amara.id}/safeguarding-notes"
        self.kept: list[str] = []
        self.over = threading.Event()

    def run(self, rounds: int, seed: int) -> Outcome:
        chance = random.Random(seed)
        people = (self.world.assistant, self.world.teacher)
        # They have the form open before the first plug is pulled: reading it is not what is proved here.
        opened = [self._open_form(person) for person in people]
        senders = [threading.Thread(target=self._send, args=each) for each in enumerate(opened)]
        for sender in senders:
            sender.start()
        for _ in range(rounds):
            time.sleep(chance.uniform(0.05, 0.45))
            chance.choice(
                (self._kill_process, self._kill_web_worker, self._wipe_queue, self._cut_connections)
            )(chance)
        self.over.set()
        for sender in senders:
            sender.join()
        self._drain()
        return self._count(rounds)

    def _open_form(self, person: Somebody) -> Sender:
        sender = Sender(self.live.port, self.world.host_of(person), self.world.session_of(person))
        sender.read_token(f"{self.path}/new")
        return sender

    def _send(self, number: int, sender: Sender) -> None:
        turn = 0
        while not self.over.is_set():
            turn += 1
            words = f"note {number} {turn}"
            day = {"happened_on-day": "9", "happened_on-month": "3", "happened_on-year": "2026"}
            if sender.send(self.path, {**day, "words": words}):
                self.kept.append(words)

    def _kill_process(self, chance: random.Random) -> None:
        self.live.kill(chance.choice(PROCESSES))

    def _kill_web_worker(self, chance: random.Random) -> None:
        master = self.live.children["web"].pid
        listed = subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True, check=False)
        workers = [int(pid) for pid in listed.stdout.split()]
        if workers:
            os.kill(chance.choice(workers), signal.SIGKILL)

    def _wipe_queue(self, _: random.Random) -> None:
        open_redis(os.environ["REDIS_URL"]).flushall()

    def _cut_connections(self, _: random.Random) -> None:
        with psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as admin:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'send_%'"
            )

    def _drain(self) -> None:
        waiting = "select (select count(*) from outbox_entry where expanded_at is null) + (select count(*) from delivery where state = 'waiting')"
        deadline = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < deadline and self.world.scalar(waiting):
            # A delivery that failed when its connection was cut waits for its back-off: long for a person, not for us.
            self.world.execute(
                "update delivery set due_at = now() where state = 'waiting' and leased_until is null"
            )
            time.sleep(0.5)

    def _count(self, rounds: int) -> Outcome:
        notes = Counter(
            row.words
            for row in self.world.rows(
                "select words from safeguarding_note where starts_with(words, 'note ')"
            )
        )
        told = self.world.scalar("select count(*) from notification where kind = 'safeguarding_note'")
        mails = Counter(str(mail["Message-ID"]) for mail in self.world.mails())
        rows = sum(notes.values())
        lost = len(set(self.kept) - set(notes)) + max(0, rows - told) + max(0, rows - len(mails))
        doubled = rows - len(notes) + max(0, told - rows)
        return Outcome(rounds, len(self.kept), lost, doubled, sum(mails.values()) - len(mails))


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py kill")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    with (
        standalone_database() as database,
        tempfile.TemporaryDirectory() as log,
        live_service(database, Path(log), "web", *PROCESSES, lease=SHORT_LEASE) as live,
    ):
        outcome = Campaign(live, World(database, live.domain)).run(options.rounds, options.seed)
    print(f"{outcome} (seed {options.seed})")  # noqa: T201 - this is a command
    sys.exit(1 if outcome.lost or outcome.doubled or not outcome.committed else 0)


if __name__ == "__main__":
    main()
