"""`dev.py` says in a sentence what is missing on a machine; no newcomer sees a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infrastructure.embedded.services import PROJECT

HIDDEN = """
import importlib.util, runpy, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name in {hidden} else find(name, *more)
sys.argv = ["dev.py", "demo"]
runpy.run_path({script!r}, run_name="__main__")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a newcomer has just cloned, as far as the set-up of Python goes."""
    for name in ("dev.py", "requirements-dev.txt", "requirements-bootstrap.txt"):
        (tmp_path / name).write_bytes((PROJECT / name).read_bytes())
    return tmp_path


def said(checkout: Path, *command: object) -> tuple[int, str]:
    """On a machine without uv and without a network."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    environment = own | {"PATH": str(checkout), "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    done = subprocess.run(
        [str(part) for part in (sys.executable, *command)],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr.strip().splitlines()[-1] if done.stderr else done.stdout


@pytest.mark.parametrize("hidden", ["venv", "ensurepip"])
def test_a_python_without_virtual_environments(checkout: Path, hidden: str) -> None:
    script = HIDDEN.format(hidden=(hidden,), script=str(checkout / "dev.py"))
    code, sentence = said(checkout, "-c", script)
    assert code == 1
    assert sentence.startswith("On Debian: apt-get install python3.")


def test_a_machine_without_network(checkout: Path) -> None:
    code, sentence = said(checkout, "dev.py", "demo")
    assert code == 1
    assert sentence == "The Python packages could not be downloaded. The first set-up needs the network."


def test_a_folder_that_this_user_cannot_write_to(checkout: Path) -> None:
    (checkout / ".var").write_text("not a folder")
    code, sentence = said(checkout, "dev.py", "demo")
    assert code == 1
    assert sentence.startswith(f"The set-up goes into {checkout}, but this user cannot write there")


def test_a_word_that_is_no_command(checkout: Path) -> None:
    code, text = said(checkout, "dev.py", "deom")
    assert code == 2
    assert text.startswith("usage: python3 dev.py COMMAND")
