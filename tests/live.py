"""The service as it really runs: gunicorn, relay and workers as processes of their own, on the test database."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infrastructure.embedded.ports import free_port
from infrastructure.queue import LEASE_SECONDS
from tests.services import TestDatabase, environment_for

ROOT = Path(__file__).resolve().parents[1]
SHORT_LEASE = 4  # seconds: what a killed worker held is done by another soon enough for a test


@dataclass
class Live:
    """Processes by name. `domain` is what browsers ask for; *.localhost resolves in Chromium by itself."""

    database: TestDatabase
    port: int
    log: Path
    # As in service, or a first job that starts late on a busy machine would find its attempt overtaken by the next.
    lease: int = LEASE_SECONDS
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return f"localhost:{self.port}"

    def environment(self, login: str) -> dict[str, str]:
        live = {"DOMAIN": self.domain, "SCHEME": "http", "LOG_LEVEL": "WARNING"}
        return os.environ | environment_for(self.database.name, login) | live

    def start(self, name: str) -> None:
        """One of web, relay, quick, files, schedule; a number may follow: quick-2."""
        kind = name.split("-", maxsplit=1)[0]
        commands = {
            "web": [
                "gunicorn",
                "wsgi:application",
                "-c",
                "infrastructure/deploy/gunicorn.py",
                "-b",
                f"127.0.0.1:{self.port}",
            ],
            "relay": ["workers.relay", str(self.lease)],
            "quick": ["workers.start", "quick"],
            "files": ["workers.start", "files"],
            "schedule": ["workers.schedule"],
        }
        login = {"web": "send_web", "relay": "send_relay"}.get(kind, "send_worker")
        with (self.log / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                [sys.executable, "-m", *commands[kind]],
                cwd=ROOT,
                env=self.environment(login),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """Without warning, with everything it forked; then a new one, as a supervisor would."""
        os.killpg(self.children[name].pid, signal.SIGKILL)
        self.children[name].wait()
        self.start(name)

    def wait_until_ready(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not self._answers():
            if time.monotonic() > deadline or self.children["web"].poll() is not None:
                raise RuntimeError((self.log / "web.log").read_text()[-3000:])
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/healthz", headers={"Host": self.domain})
            return connection.getresponse().status == 200
        except OSError:
            return False

    def stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        for child in self.children.values():
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def live_service(
    database: TestDatabase, log: Path, *names: str, lease: int = LEASE_SECONDS
) -> Iterator[Live]:
    """Start these processes and wait for the web; stop them at the end."""
    live = Live(database, free_port(), log, lease)
    try:
        for name in names:
            live.start(name)
        live.wait_until_ready()
        yield live
    finally:
        live.stop()
