"""Start one server process that cannot outlive the process that started it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from infrastructure.embedded.errors import EmbeddedError

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.02
GROUP_SECONDS = 0.5


class Process:
    """A child in its own process group, logging to a file, ended with its parent."""

    def __init__(self, name: str, command: Sequence[object], *, log: Path) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        self.log = log
        self._child: subprocess.Popen[bytes] | None = None

    def start(
        self,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        uid: int | None = None,
        ending: signal.Signals = signal.SIGTERM,
        stdin: bytes | None = None,
        inherits: Sequence[int] = (),
    ) -> None:
        """Start from a thread that lives on: Linux ends the child when the thread that forked it ends."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self.command,
                env=env,
                cwd=cwd,
                stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=inherits,
                preexec_fn=_leash(os.getpid(), ending),  # noqa: PLW1509 - one prctl call, nothing that locks
                **identity(uid),
            )
        if stdin is not None and self._child.stdin is not None:
            with self._child.stdin as pipe:
                pipe.write(stdin)

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.is_running:
                raise EmbeddedError(f"{self.name} did not start. Its log says:\n{self.last_words()}")
            if time.monotonic() > deadline:
                self.kill()
                raise EmbeddedError(f"{self.name} was not ready after {seconds:.0f} seconds; see {self.log}")
            time.sleep(POLL_SECONDS)

    @property
    def pid(self) -> int:
        return self._child.pid if self._child else 0

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self._child.poll() if self._child else None

    def tell(self, number: signal.Signals) -> None:
        """Tell the process itself, not its children: it stops those in its own way."""
        if self._child and self.is_running:
            self._child.send_signal(number)

    def stop(self, *, how: signal.Signals = signal.SIGTERM, seconds: float = 3.0) -> None:
        self.tell(how)
        self.join(seconds=seconds)

    def join(self, *, seconds: float) -> None:
        """Wait for the end, then make sure of it, also for grandchildren."""
        if self._child:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=max(seconds, 0.01))
            self.kill()

    def kill(self) -> None:
        """Also the grandchildren; they give up their ports a moment later than the child."""
        if not self._child:
            return
        deadline = time.monotonic() + GROUP_SECONDS
        while _reaches_group(self._child.pid, signal.SIGKILL) and time.monotonic() < deadline:
            self._child.poll()
            time.sleep(0.005)
        self._child.wait()

    def last_words(self, *, lines: int = 12) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def _reaches_group(group: int, number: signal.Signals) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def identity(uid: int | None) -> dict[str, Any]:
    """Arguments for subprocess that drop to this user, or none."""
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}


def _leash(parent: int, ending: signal.Signals) -> Callable[[], None] | None:
    """Runs between fork and exec, after any change of user (which would clear it)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(ending))
        if os.getppid() != parent:  # the parent ended before the leash was on
            os._exit(1)

    return tie
