"""Keep a handful of processes running: one that ends is started again, after a growing pause."""

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infrastructure.embedded.process import Process

FIRST_PAUSE, LONGEST_PAUSE, SETTLED = 0.5, 8.0, 30.0


@dataclass
class Supervised:
    """One process with its history of endings."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    cwd: Path
    inherits: Sequence[int] = ()
    endings: int = 0
    started_at: float = 0.0
    due_at: float | None = None
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        self.process = Process(self.name, self.command, log=self.log)

    def start(self) -> None:
        self.process.start(env=self.environment, cwd=self.cwd, inherits=self.inherits)
        self.started_at, self.due_at = time.monotonic(), None


class Supervisor:
    """Call `tend()` often; it never waits."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._members: list[Supervised] = []

    def add(self, member: Supervised) -> None:
        member.start()
        self._members.append(member)

    def tend(self) -> None:
        for member in self._members:
            if member.due_at is not None:
                if time.monotonic() >= member.due_at:
                    member.start()
            elif not member.process.is_running:
                self._plan_restart(member)

    def stop(self, *, seconds: float) -> None:
        """Ask all at once, wait for all together, then end what is left, children included."""
        for member in self._members:
            member.process.tell(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        for member in self._members:
            member.process.join(seconds=deadline - time.monotonic())
        self._members = []

    def _plan_restart(self, member: Supervised) -> None:
        member.process.kill()  # its children, if it left any
        if time.monotonic() - member.started_at > SETTLED:
            member.endings = 0
        pause = min(FIRST_PAUSE * 2**member.endings, LONGEST_PAUSE)
        member.endings += 1
        member.due_at = time.monotonic() + pause
        self._say(
            f"{member.name} ended with code {member.process.exit_code}; it starts again in {pause:g} s. "
            f"Its log: {member.log}"
        )
