"""Read variables one after the other and remember every problem, to report all of them at once."""

import re
from collections.abc import Callable, Collection, Mapping
from email.utils import parseaddr
from urllib.parse import urlsplit

Check = Callable[[str], str]  # what is wrong with a value, to follow its name; "" where nothing is

SHORTEST_KEY = 32


class SettingsError(Exception):
    """Everything that is wrong with the environment, a sentence each. No values: they may be secret."""

    def __init__(self, problems: Collection[str]) -> None:
        super().__init__("The service cannot start:\n" + "\n".join(f"- {problem}" for problem in problems))
        self.problems = tuple(problems)


class Reading:
    """`needs` names the parts of the outside world that this process cannot work without."""

    def __init__(self, env: Mapping[str, str], needs: Collection[str]) -> None:
        self._env = env
        self._needs = needs
        self._problems: list[str] = []
        self.demo = self.choice("DEMO", ("0", "1"), default="0") == "1"

    def text(self, name: str, check: Check, *, part: str = "", in_demo: str | None = None) -> str | None:
        value = self._given(name) or (in_demo if self.demo else None)
        if value is None:
            if part in self._needs:
                self._problems.append(f"{name} is missing.")
            return None
        trouble = check(value)
        if trouble:
            self._problems.append(f"{name} {trouble}.")
        return value

    def word(self, name: str, check: Check, *, default: str) -> str:
        """For what has a default. A bad value gives way to it, so that reading can go on."""
        value = self.text(name, check) or default
        return default if check(value) else value

    def always(self, name: str, check: Check) -> str:
        """For what every process needs."""
        if not self._given(name):
            self._problems.append(f"{name} is missing.")
        return self.text(name, check) or ""

    def only_in_demo(self, name: str) -> str | None:
        return self.text(name, lambda _: "" if self.demo else "is for the demo only")

    def choice(self, name: str, allowed: Collection[str], *, default: str) -> str:
        value = self._given(name) or default
        if value not in allowed:
            self._problems.append(f"{name} must be {' or '.join(allowed)}.")
        return value

    def refuse_problems(self) -> None:
        if self._problems:
            raise SettingsError(self._problems)

    def _given(self, name: str) -> str:
        return self._env.get(name, "").strip()


def like(pattern: str, description: str) -> Check:
    return lambda value: "" if re.fullmatch(pattern, value) else f"must be {description}"


def address(*schemes: str) -> Check:
    """An address with one of these schemes and a host (a path, for a socket)."""

    def check(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme in schemes and (parts.hostname or parts.scheme == "unix") and _has_sound_port(value):
            return ""
        return f"must be an address that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}"

    return check


def origin(*schemes: str) -> Check:
    """An address of a host alone."""

    def check(value: str) -> str:
        parts = urlsplit(value)
        extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
        return address(*schemes)(value) or ("must name a host and nothing after it" if extra else "")

    return check


def secret(value: str) -> str:
    return "" if len(value) >= SHORTEST_KEY else f"must have {SHORTEST_KEY} characters or more"


def secrets(value: str) -> str:
    return next(filter(None, map(secret, value.split(","))), "")


def mailbox(value: str) -> str:
    found = parseaddr(value)[1]
    return "" if re.fullmatch(r"[^@\s]+@[^@\s]+", found) else "must be an e-mail address, or: Name <address>"


def _has_sound_port(value: str) -> bool:
    try:
        return urlsplit(value).port != 0
    except ValueError:
        return False
