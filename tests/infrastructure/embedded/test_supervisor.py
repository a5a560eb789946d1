"""A process that ends is started again; stopping leaves nothing behind, not even grandchildren."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from infrastructure.embedded.supervisor import Supervised, Supervisor

LEAVES_A_TRACE = "open('starts', 'a').write('x'); raise SystemExit(3)"
HAS_A_STUBBORN_CHILD = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
open('child', 'w').write(str(child.pid))
time.sleep(600)
"""


def supervised(program: str, folder: Path) -> Supervised:
    return Supervised("worker", [sys.executable, "-c", program], dict(os.environ), folder / "log", folder)


def wait_for(happened: Callable[[], bool], supervisor: Supervisor) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        supervisor.tend()
        assert time.monotonic() < deadline, "it did not happen in time"


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_process_that_ends_is_started_again_after_a_growing_pause(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.add(supervised(LEAVES_A_TRACE, tmp_path))
    wait_for(lambda: size(tmp_path / "starts") >= 2 and len(said) >= 2, supervisor)
    supervisor.stop(seconds=1)
    assert "worker ended with code 3; it starts again in 0.5 s" in said[0]
    assert "it starts again in 1 s" in said[1]


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_a_process_that_does_not_listen_is_ended_with_its_children(tmp_path: Path) -> None:
    supervisor = Supervisor(print)
    supervisor.add(supervised(HAS_A_STUBBORN_CHILD, tmp_path))
    wait_for(lambda: size(tmp_path / "child") > 0, supervisor)
    started = time.monotonic()
    supervisor.stop(seconds=0.5)
    assert time.monotonic() - started < 3
    assert not is_alive(int((tmp_path / "child").read_text()))
