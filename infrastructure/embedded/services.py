"""PostgreSQL, Valkey, S3 and SMTP on this machine, started and stopped together."""

import atexit
import fcntl
import os
import signal
import sys
from pathlib import Path
from typing import IO

from infrastructure.embedded.errors import EmbeddedError
from infrastructure.embedded.ports import HOST, is_answering, remembered_ports, speaks_http
from infrastructure.embedded.postgres import EmbeddedPostgres
from infrastructure.embedded.private import kept_secret, private_folder
from infrastructure.embedded.process import Process
from infrastructure.embedded.valkey import EmbeddedValkey

REGION = "eu-west-2"
PROJECT = Path(__file__).resolve().parents[2]


class EmbeddedServices:
    """One set of services per folder; any number of folders beside each other."""

    def __init__(self, home: Path, *, durable: bool) -> None:
        self.home = home.resolve()
        self._durable = durable
        self._lock: IO[str] | None = None

    def start(self) -> None:
        """All four start at once; this returns when the last one answers."""
        private_folder(self.home)
        self._lock_home()
        self._prepare()
        atexit.register(self.stop)
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._lock is None:
            return
        atexit.unregister(self.stop)
        for server in (self.mail, self.storage):
            server.tell(signal.SIGTERM)
        self.valkey.stop()
        self.postgres.stop()
        for server in (self.mail, self.storage):
            server.join(seconds=3)
        self._lock.close()
        self._lock = None

    def erase(self) -> None:
        """Forget everything, also what PostgreSQL keeps outside the folder when root runs it."""
        self.postgres = EmbeddedPostgres(self.home, 0, durable=self._durable)
        self.postgres.erase()

    def environment(self) -> dict[str, str]:
        """The settings that the service reads, as it would read those of external services."""
        return {
            "ADMIN_DATABASE_URL": self.postgres.admin_url,
            "DATABASE_HOST_PORT": f"{HOST}:{self.ports['postgres']}",
            "REDIS_URL": self.valkey.url,
            "S3_ENDPOINT_URL": f"http://{HOST}:{self.ports['storage']}",
            **self._storage_keys(),
            "SMTP_URL": f"smtp://{HOST}:{self.ports['mail']}",
            "MAIL_FOLDER": str(self.home / "mail"),
        }

    def _lock_home(self) -> None:
        lock = (self.home / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise EmbeddedError(f"Another process already runs the services in {self.home}.") from None
        self._lock = lock

    def _prepare(self) -> None:
        self.ports = remembered_ports(self.home / "ports.json", ("postgres", "valkey", "storage", "mail"))
        self.postgres = EmbeddedPostgres(self.home, self.ports["postgres"], durable=self._durable)
        secret = kept_secret(self.home / "valkey-password")
        self.valkey = EmbeddedValkey(self.home / "valkey", self.ports["valkey"], secret)
        self.storage = self._server("s3", self.ports["storage"], self.home / "storage")
        self.mail = self._server("smtp", self.ports["mail"], self.home / "mail")

    def _server(self, module: str, port: int, folder: Path) -> Process:
        command = [
            sys.executable,
            "-m",
            f"infrastructure.embedded.{module}",
            "--port",
            str(port),
            "--home",
            folder,
        ]
        return Process(module, command, log=self.home / f"{module}.log")

    def _launch(self) -> None:
        environment = {**os.environ, **self._storage_keys()}
        self.storage.start(env=environment, cwd=PROJECT)
        self.mail.start(env=environment, cwd=PROJECT)
        self.valkey.launch()
        self.postgres.launch()
        self.valkey.wait()
        self.postgres.wait()
        self.mail.wait_until(lambda: is_answering(self.ports["mail"]), seconds=30)
        self.storage.wait_until(lambda: speaks_http(self.ports["storage"]), seconds=30)

    def _storage_keys(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": kept_secret(self.home / "storage-key"),
            "AWS_SECRET_ACCESS_KEY": kept_secret(self.home / "storage-secret"),
            "AWS_DEFAULT_REGION": REGION,
        }
