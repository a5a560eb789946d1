"""Run a local PostgreSQL from the binaries in the Python package, on 127.0.0.1 only."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from infrastructure.embedded import postgres_files as files
from infrastructure.embedded.errors import EmbeddedError
from infrastructure.embedded.ports import HOST
from infrastructure.embedded.private import private_folder, write_private
from infrastructure.embedded.process import Process, identity

SUPERUSER = "postgres"
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One cluster under `home`; as root its data lies where an unprivileged user can reach it."""

    def __init__(
        self, home: Path, port: int, *, durable: bool, settings: Mapping[str, str] | None = None
    ) -> None:
        self.home = home.resolve()
        self.port = port
        self._durable = durable
        self._settings = {**self._default_settings(), **(settings or {})}
        self._password_file = self.home / "postgres-password"
        self._data = Path()
        self._process: Process | None = None

    @property
    def admin_url(self) -> str:
        return self.url(SUPERUSER, self._password_file.read_text(), "postgres")

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def url(self, user: str, password: str, database: str) -> str:
        return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@{HOST}:{self.port}/{database}"

    def start(self) -> None:
        self.launch()
        self.wait()

    def launch(self) -> None:
        private_folder(self.home)
        files.sweep()
        binaries, data = files.binaries(), files.data_folder(self.home)
        if not (data / "PG_VERSION").exists() or not self._password_file.exists():
            self._create_cluster(binaries, data)
        files.refuse_other_version(binaries, data)
        files.end_leftover_server(data)
        self._data = data
        command = [binaries / "postgres", "-D", data, *self._options()]
        self._process = Process("PostgreSQL", command, log=self.home / "postgres.log")
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
        self._process.start(
            cwd=data.parent, uid=files.server_uid(), ending=signal.SIGINT, env=_clean_environment()
        )

    def wait(self) -> None:
        if self._process:
            self._process.wait_until(self._is_ready, seconds=60)

    def stop(self) -> None:
        if self._process:
            how = signal.SIGINT if self._durable else signal.SIGQUIT
            self._process.stop(how=how, seconds=10)

    def erase(self) -> None:
        """Remove the data for good. The server must have been stopped."""
        files.erase(self.home)
        self._password_file.unlink(missing_ok=True)

    def _create_cluster(self, binaries: Path, data: Path) -> None:
        """Made beside and renamed: a set-up that was interrupted leaves nothing that looks finished."""
        shutil.rmtree(data, ignore_errors=True)
        password = secrets.token_urlsafe(24)
        draft, password_file = files.empty_drafts(data, password)
        command = [
            *(binaries / "initdb", "-D", draft, "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "-k"),
            *("--auth-local=reject", "--auth-host=scram-sha-256", f"--pwfile={password_file}"),
            *(() if self._durable else ("-N",)),
        ]
        options = {"cwd": data.parent, "env": _clean_environment(), **identity(files.server_uid())}
        made = subprocess.run(command, capture_output=True, text=True, check=False, **options)
        password_file.unlink()
        if made.returncode:
            raise EmbeddedError(f"PostgreSQL could not set up its data folder:\n{made.stderr.strip()}")
        draft.rename(data)
        write_private(self._password_file, password)

    def _default_settings(self) -> dict[str, str]:
        fixed = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        return fixed if self._durable else {**fixed, **FORGETFUL}

    def _options(self) -> list[str]:
        return [f"--{name}={value}" for name, value in self._settings.items()]

    def _is_ready(self) -> bool:
        """The server writes its state into the last line of its pid file, under its own process id."""
        lines = files.pid_file_lines(self._data)
        return len(lines) >= 8 and lines[0].strip() == str(self.pid) and lines[7].strip() == "ready"


def _clean_environment() -> dict[str, str]:
    """Nothing of the caller's: PGPORT, PGDATA or a foreign locale would change the server."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
