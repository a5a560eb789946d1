"""Knocks at every address with a stranger's ids: the answer must be the one that nothing at all gets."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.routing.converters import UUIDConverter
from werkzeug.test import TestResponse

from app.kernel.access import Role
from app.web.access import access_of
from infrastructure.database.ids import new_id
from tests.browser import Browser
from tests.isolation.furnishing import Ids
from tests.world import Somebody, World

# Parameters that name no row: any value says the same to everybody, or the value is itself the key of the door.
WORDS = {
    "topic": "help",
    "digest": "0",
    "name": "acceptance",
    "colour": "1d70b8",
    "token": "nobody-was-ever-given-this-token-0000000000",
}
CHOICES = re.compile(r"any\((?P<first>[a-z_-]+)")
UUIDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKENS = re.compile(r'(name="csrf_token" value=")[0-9a-f]+')
PASSING = {"Date", "Content-Length", "Set-Cookie"}
KNOCKS_PER_SESSION = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, without what differs from one asking to the next."""

    status: int
    headers: frozenset[tuple[str, str]]
    cookies: frozenset[str]
    body: str

    def says_any_of(self, words: Iterable[str]) -> list[str]:
        everything = self.body + repr(self.headers)
        return [word for word in words if word in everything]


def _answer(response: TestResponse) -> Answer:
    headers = ((name, UUIDS.sub("ID", value)) for name, value in response.headers if name not in PASSING)
    cookies = (line.split("=")[0] for line in response.headers.getlist("Set-Cookie"))
    body = UUIDS.sub("ID", TOKENS.sub(r"\1", response.get_data(as_text=True)))
    return Answer(response.status_code, frozenset(headers), frozenset(cookies), body)


@dataclass(frozen=True, slots=True, eq=False)
class Stranger:
    """Ids that the person must not reach, and words that only stand in those rows."""

    label: str
    ids: Ids
    canaries: tuple[str, ...] = ()
    partly: bool = False  # the ids are their own, but do not belong together with each other


class Knocker:
    """One person at one host, with a new session now and then: the general limit is for people."""

    def __init__(self, world: World, who: Somebody, share_id: UUID | None = None) -> None:
        self._world, self.who, self._share = world, who, share_id
        self._nothing: dict[tuple[str, str, tuple[str, ...]], Answer] = {}
        self._sign_in()

    def _sign_in(self) -> None:
        self._knocks = 0
        self._browser: Browser = self._world.browser(self.who, share_id=self._share)
        self._browser.get("/about/help")

    def knock(self, method: str, path: str) -> Answer:
        return self.send(path, []) if method == "POST" else _answer(self.open(path))

    @property
    def host(self) -> str:
        return self._browser.host

    def page(self, path: str) -> str:
        """The page itself, as it came."""
        self._stay_signed_in()
        return self.open(path).get_data(as_text=True)

    def send(self, path: str, fields: Iterable[tuple[str, str]]) -> Answer:
        """As from our own page, with a valid token and a fresh key."""
        self._stay_signed_in()
        sent = MultiDict([*fields, ("csrf_token", self._browser.token), ("idempotency_key", str(new_id()))])
        return _answer(self.open(path, method="POST", data=sent))

    def _stay_signed_in(self) -> None:
        if self._knocks >= KNOCKS_PER_SESSION:
            self._sign_in()

    def open(self, path: str, **options: Any) -> TestResponse:
        self._knocks += 1
        headers = {"Sec-Fetch-Site": "same-origin"}
        at = f"https://{self._browser.host}"
        return self._browser.client.open(path, base_url=at, headers=headers, **options)

    def knock_for_nothing(self, address: "Address", own: Ids, foreign: tuple[str, ...]) -> Answer:
        """What one gets for ids that nobody has. Asked once: it does not depend on the stranger."""
        key = (address.method, address.rule.rule, foreign)
        if key not in self._nothing:
            path = address.path(address.ids_in(own) | {name: new_id() for name in foreign})
            self._nothing[key] = self.knock(address.method, path)
        return self._nothing[key]


@dataclass(frozen=True, slots=True)
class Address:
    """A rule of an audience's map, and the roles that may open it."""

    rule: Rule
    roles: frozenset[Role]
    open: bool

    @property
    def method(self) -> str:
        return "POST" if "POST" in (self.rule.methods or ()) else "GET"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Those that name rows."""
        converters = self.rule._converters
        return tuple(
            name for name in sorted(self.rule.arguments) if isinstance(converters[name], UUIDConverter)
        )

    def id_in(self, ids: Mapping[str, UUID], parameter: str) -> UUID | None:
        blueprint = self.rule.endpoint.split(".")[0]
        return ids.get(f"{blueprint}.{parameter}", ids.get(parameter))

    def ids_in(self, ids: Mapping[str, UUID]) -> dict[str, UUID]:
        """Of each parameter the id, as far as there is one."""
        found = ((name, self.id_in(ids, name)) for name in self.parameters)
        return {name: value for name, value in found if value is not None}

    def path(self, ids: Mapping[str, object]) -> str:
        """The address with these ids; parameters that name no row get a word."""
        return re.sub(r"<(?:([^<>]*):)?(\w+)>", lambda found: self._value(found, ids), self.rule.rule)

    def _value(self, found: re.Match[str], ids: Mapping[str, object]) -> str:
        converter, name = found[1] or "", found[2]
        choice = CHOICES.match(converter)
        return choice["first"] if choice else str(ids[name] if name in ids else WORDS[name])

    def unknown_parameters(self, ids: Mapping[str, UUID]) -> list[str]:
        named = set(self.rule.arguments) - set(self.parameters)
        choices = {
            found[2]
            for found in re.finditer(r"<(?:([^<>]*):)?(\w+)>", self.rule.rule)
            if CHOICES.match(found[1] or "")
        }
        missing = [name for name in self.parameters if self.id_in(ids, name) is None]
        return [*missing, *sorted(named - choices - set(WORDS))]


def addresses(app: Flask) -> list[Address]:
    made = []
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        made.append(Address(rule, access.roles, access.open))
    return made


def mixtures(address: Address, *, partly: bool) -> Iterator[tuple[str, ...]]:
    """Which parameters are the stranger's: each choice of them, all of them too unless the ids are our own."""
    names = address.parameters
    for size in range(1, len(names) + (0 if partly else 1)):
        yield from combinations(names, size)


def offences(knocker: Knocker, address: Address, own: Ids, stranger: Stranger) -> Iterator[str]:
    """Each way in which this address tells a stranger's row from no row."""
    strange = address.ids_in(stranger.ids)
    for foreign in mixtures(address, partly=stranger.partly):
        if not strange.keys() >= set(foreign):
            continue
        path = address.path(address.ids_in(own) | {name: strange[name] for name in foreign})
        theirs, nobodys = (
            knocker.knock(address.method, path),
            knocker.knock_for_nothing(address, own, foreign),
        )
        where = f"{address.method} {address.rule.rule} ({knocker.who.name}, {stranger.label}: {', '.join(foreign)})"
        if nobodys.status != 404:
            yield f"{where}: {nobodys.status} for what does not exist"
        if theirs != nobodys:
            yield f"{where}: {theirs.status} for theirs, {nobodys.status} for nothing"
        if said := theirs.says_any_of(stranger.canaries):
            yield f"{where}: says {said}"
