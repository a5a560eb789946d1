"""Run the whole service on this machine with made-up schools: `python -m infrastructure.embedded.demo`."""

import argparse
import fcntl
import hashlib
import shutil
import signal
import socket
import sys
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

from infrastructure.embedded.demo_settings import DemoSettings
from infrastructure.embedded.errors import EmbeddedError
from infrastructure.embedded.ports import HOST, listen
from infrastructure.embedded.process import Process
from infrastructure.embedded.services import PROJECT, EmbeddedServices
from infrastructure.embedded.supervisor import Supervised, Supervisor

STATE = PROJECT / ".var"
FIRST_PORT, PORTS = 8000, 20
CHOICE = range(1024, 65_536)  # those below are for the administrator
PREPARATION_SECONDS, READY_SECONDS, STOP_SECONDS = 600, 60, 3
OPERATOR = [sys.executable, "-m", "flask", "--app", "wsgi:operator", "demo"]
WORKERS = ("quick", "files")


class Demo:
    """Services, database, then the service's own processes."""

    def __init__(self, home: Path, listener: socket.socket) -> None:
        self._home = home
        self._listener = listener
        self._port: int = listener.getsockname()[1]
        self._services = EmbeddedServices(home, durable=True)
        self._supervisor = Supervisor(say)
        self._sign_ins = Process("sign-ins", [*OPERATOR, "sign-ins"], log=home / "log" / "sign-ins.log")

    def run(self) -> None:
        started = time.monotonic()
        try:
            self._services.start()
            self._settings = DemoSettings(
                services=self._services.environment(),
                secrets_file=self._home / "secrets.env",
                port=self._port,
            )
            self._prepare()
            self._serve_pages()
            self._tell_addresses(time.monotonic() - started)
            self._serve_the_rest()
            while True:
                self._supervisor.tend()
                time.sleep(0.1)
        finally:
            say("Stopping …")
            self._sign_ins.kill()
            self._supervisor.stop(seconds=STOP_SECONDS)
            self._services.stop()

    def _prepare(self) -> None:
        """Only when there is something new: what was prepared from the same diary and story is prepared still."""
        stamp, sources = self._home / "prepared", _preparation_sources()
        if stamp.exists() and stamp.read_text() == sources:
            return
        say("Preparing the database …")
        preparation = Process("The preparation", [*OPERATOR, "prepare"], log=self._log("prepare"))
        preparation.start(env=self._settings.preparation(), cwd=PROJECT)
        try:
            preparation.join(seconds=PREPARATION_SECONDS)
        finally:
            preparation.kill()
        if preparation.exit_code:
            raise EmbeddedError(f"The database could not be prepared:\n{preparation.last_words(lines=30)}")
        stamp.write_text(sources)

    def _serve_pages(self) -> None:
        """Pages first: imports of five processes at once would make the person wait for all of them."""
        self._log("sign-ins").unlink(missing_ok=True)
        server = ["-m", "gunicorn", "wsgi:application", "-c", "infrastructure/deploy/gunicorn.py"]
        # The port is ours since it was chosen, and stays so while the server is started again.
        door = self._listener.fileno()
        self._supervise("web", [*server, "-b", f"fd://{door}"], login="web", inherits=[door])
        self._sign_ins.start(env=self._settings.preparation(), cwd=PROJECT)
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            self._supervisor.tend()
            if time.monotonic() > deadline:
                raise EmbeddedError(f"No page answers after {READY_SECONDS} seconds. See {self._log('web')}.")
            time.sleep(0.05)

    def _serve_the_rest(self) -> None:
        self._supervise("relay", ["-m", "workers.relay"], login="relay")
        for kind in WORKERS:
            self._supervise(f"worker-{kind}", ["-m", "workers.start", kind], login="worker")
        self._supervise("schedule", ["-m", "workers.schedule"], login="worker")

    def _supervise(
        self, name: str, arguments: list[str], *, login: str, inherits: Sequence[int] = ()
    ) -> None:
        command = [sys.executable, *arguments]
        environment = self._settings.process(login)
        self._supervisor.add(Supervised(name, command, environment, self._log(name), PROJECT, inherits))

    def _tell_addresses(self, seconds: float) -> None:
        self._sign_ins.join(seconds=30)
        say(self._sign_ins.last_words(lines=200))
        say(f"\nReady after {seconds:.1f} s: http://localhost:{self._port}/")
        say(f"Ctrl-C stops it. What you do is kept in {self._home}; logs are in {self._home / 'log'}.")

    def _is_ready(self) -> bool:
        connection = HTTPConnection(HOST, self._port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": f"localhost:{self._port}"})
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _log(self, name: str) -> Path:
        return self._home / "log" / f"{name}.log"


def _preparation_sources() -> str:
    """A digest of everything that the preparation works from."""
    digest = hashlib.sha256()
    for folder in ("migrations", "app/demo", "app/operator", "infrastructure/database"):
        for path in sorted((PROJECT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 dev.py demo", description="Try it with made-up schools.")
    parser.add_argument("--port", type=int, help="port of the pages (8000 if it is free)")
    parser.add_argument("--fresh", action="store_true", help="forget everything and start again")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with _only_demo_here():
            listener = _chosen_port(options.port)
            if options.fresh:
                _forget(STATE / "demo")
            Demo(STATE / "demo", listener).run()
    except EmbeddedError as problem:
        sys.exit(f"\n{problem}")


def say(sentence: str) -> None:
    print(sentence, flush=True)


def _stop(_number: int, _frame: object) -> None:
    """Once: a second Ctrl-C must not interrupt the stopping."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(0)


def _only_demo_here() -> IO[str]:
    STATE.mkdir(exist_ok=True)
    lock = (STATE / "demo.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise EmbeddedError("A demo already runs from this folder. Stop it with Ctrl-C first.") from None
    return lock


def _chosen_port(asked: int | None) -> socket.socket:
    """Listening already: two demos that start at once never choose the same one."""
    if asked is None:
        return _first_free_port()
    if asked not in CHOICE:
        raise EmbeddedError(f"Choose a port from {CHOICE.start} to {CHOICE.stop - 1}.")
    if listener := listen(asked):
        return listener
    raise EmbeddedError(f"Port {asked} is busy. Choose another with --port, or leave it to the demo.")


def _first_free_port() -> socket.socket:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if listener := listen(port):
            return listener
    raise EmbeddedError(f"All ports from {FIRST_PORT} on are busy. Choose one with --port.")


def _forget(home: Path) -> None:
    EmbeddedServices(home, durable=True).erase()
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
