"""Limits of a process that opens files really bite, each in its own way, and ordinary work stays within them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from infrastructure.embedded.services import PROJECT

TIGHTENED = """
import itertools, os, resource, sys
from infrastructure.limits import MEGABYTE, Limits, TookTooLong, tighten
tighten(Limits(memory=64 * MEGABYTE, cpu_seconds=1, grace_seconds=1, file_bytes=MEGABYTE))
"""


def ending(harm: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What became of a process that tried this after its limits were set."""
    command = [sys.executable, "-c", TIGHTENED + harm]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds to the limit of data")
def test_too_much_memory_is_an_error_that_can_be_answered(tmp_path: Path) -> None:
    done = ending("try: bytearray(256 * MEGABYTE)\nexcept MemoryError: print('too much')", tmp_path)
    assert (done.returncode, done.stdout) == (0, "too much\n")


def test_too_much_time_is_an_error_once_and_then_there_is_time_to_say_so(tmp_path: Path) -> None:
    harm = """
try:
    while True: sum(range(9))
except TookTooLong:
    until = os.times().user + 0.3
    while os.times().user < until: pass
    print('too long')"""
    done = ending(harm, tmp_path)
    assert (done.returncode, done.stdout) == (0, "too long\n")


def test_code_that_hears_no_signal_is_killed(tmp_path: Path) -> None:
    assert ending("sum(itertools.repeat(0))", tmp_path).returncode == -signal.SIGKILL


def test_a_file_cannot_grow_without_end(tmp_path: Path) -> None:
    done = ending("open('large', 'wb').write(bytes(3 * MEGABYTE))", tmp_path)
    assert "File too large" in done.stderr
    assert (tmp_path / "large").stat().st_size == 1024 * 1024


def test_nothing_of_its_memory_is_left_on_the_disk(tmp_path: Path) -> None:
    assert ending("print(resource.getrlimit(resource.RLIMIT_CORE))", tmp_path).stdout == "(0, 0)\n"


def test_ordinary_work_stays_within(tmp_path: Path) -> None:
    harm = "open('small', 'wb').write(bytes(MEGABYTE)); bytearray(16 * MEGABYTE); print('done')"
    assert ending(harm, tmp_path).stdout == "done\n"


def test_a_limit_that_is_already_lower_stays(tmp_path: Path) -> None:
    harm = """
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
tighten(Limits())
print(resource.getrlimit(resource.RLIMIT_FSIZE))"""
    assert ending(harm, tmp_path).stdout == "(1000, 1000)\n"
