"""What a process may take that opens files from strangers: a bad file ends this process and nothing else."""

import resource
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
DATA_PAGES = 5  # the sixth number of /proc/self/statm


class TookTooLong(Exception):
    """Raised wherever the process is when its time is up."""


@dataclass(frozen=True, slots=True)
class Limits:
    """For one job. The largest picture that is allowed takes 400 MB and a few seconds to be drawn again."""

    memory: int = 768 * MEGABYTE  # besides what the worker had before it forked
    cpu_seconds: int = 40
    grace_seconds: int = 5  # then it is killed: code that is not Python's may hear no signal
    file_bytes: int = 256 * MEGABYTE


def tighten(limits: Limits) -> None:
    """Of this process, for ever. Too much memory is a MemoryError, too large a file an OSError."""
    signal.signal(signal.SIGXCPU, _time_is_up)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + limits.grace_seconds)
    _limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    _limit(resource.RLIMIT_CORE, 0)  # a picture of the memory would show what the file says
    with suppress(OSError):  # only Linux says how much there is, and holds to this limit
        pages = int(Path("/proc/self/statm").read_text().split()[DATA_PAGES])
        _limit(resource.RLIMIT_DATA, pages * resource.getpagesize() + limits.memory)


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    """Never above what whoever started us allows."""
    allowed = resource.getrlimit(kind)[1]
    hard = soft if hard is None else hard
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    resource.setrlimit(kind, (soft, hard))


def _time_is_up(*_: Any) -> None:
    """Once: the kernel says it again every second, and what is raised must still be written down."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    raise TookTooLong
