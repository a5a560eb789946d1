"""Told to stop, the web server answers what it has begun."""

import http.client
import os
import signal
import threading
from pathlib import Path

from tests.live import live_service
from tests.services import TestDatabase
from tests.world import World

IN_FLIGHT, THREADS = 20, 8


def test_twenty_requests_in_flight_are_all_answered(database: TestDatabase, tmp_path: Path) -> None:
    with live_service(database, tmp_path, "web") as live:
        world = World(database, live.domain)
        sent: list[int] = []
        answers: list[int] = []

        def ask() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=30)
            connection.request("GET", "/sign-in", headers={"Host": world.larkrise.host})
            sent.append(1)
            answers.append(connection.getresponse().status)

        for _ in range(8):  # both workers have made their first connection
            ask()
        sent.clear()
        answers.clear()
        with database.as_admin() as admin:
            # Every page of a school asks who the school is: hold that answer back until all twenty wait for it.
            with admin.transaction():
                admin.execute("lock table tenant in access exclusive mode")
                asking = [threading.Thread(target=ask) for _ in range(IN_FLIGHT)]
                for thread in asking:
                    thread.start()
                _wait_until_begun(database, live.port, sent)
                os.kill(live.children["web"].pid, signal.SIGTERM)
            for thread in asking:
                thread.join()
        assert len(answers) == IN_FLIGHT
        assert set(answers) == {200}
        assert live.children["web"].wait(timeout=20) == 0


def _wait_until_begun(database: TestDatabase, port: int, sent: list[int]) -> None:
    """Until all are sent and taken from the door, and as many as one worker has threads stand before the lock."""
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    with database.as_admin() as watcher:
        while (
            len(sent) < IN_FLIGHT or _at_the_door(port) or watcher.execute(waiting).fetchone()[0] < THREADS  # type: ignore[index]
        ):
            threading.Event().wait(0.02)


def _at_the_door(port: int) -> int:
    """Connections that the kernel holds for a server that has not accepted them yet: the listener's receive queue."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and int(fields[1].split(":")[1], 16) == port:
            return int(fields[4].split(":")[1], 16)
    return 0
