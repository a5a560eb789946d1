"""Told to stop, the web server answers what it has begun."""

import http.client
import os
import signal
import threading
from pathlib import Path

from tests.live import live_service
from tests.services import TestDatabase
from tests.world import World

IN_FLIGHT = 20


def test_twenty_requests_in_flight_are_all_answered(database: TestDatabase, tmp_path: Path) -> None:
    with live_service(database, tmp_path, "web") as live:
        world = World(database, live.domain)
        answers: list[int] = []

        def ask() -> None:
            connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=30)
            connection.request("GET", "/sign-in", headers={"Host": world.larkrise.host})
            answers.append(connection.getresponse().status)

        for _ in range(8):  # both workers have made their first connection
            ask()
        answers.clear()
        with database.as_admin() as admin:
            # Every page of a school asks who the school is: hold that answer back until all twenty wait for it.
            with admin.transaction():
                admin.execute("lock table tenant in access exclusive mode")
                asking = [threading.Thread(target=ask) for _ in range(IN_FLIGHT)]
                for thread in asking:
                    thread.start()
                _wait_for_waiters(database)
                os.kill(live.children["web"].pid, signal.SIGTERM)
            for thread in asking:
                thread.join()
        assert len(answers) == IN_FLIGHT
        assert set(answers) == {200}
        assert live.children["web"].wait(timeout=20) == 0


def _wait_for_waiters(database: TestDatabase) -> None:
    """Until a third of them stand before the lock; one worker may have taken them all, and has eight threads."""
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    with database.as_admin() as watcher:
        while watcher.execute(waiting).fetchone()[0] < IN_FLIGHT // 3:  # type: ignore[index]
            threading.Event().wait(0.02)
