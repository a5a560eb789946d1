"""People who can really sign in, and browsers that come from somewhere."""

import re
import secrets
from typing import Any

from werkzeug.test import TestResponse

from app.accounts import passwords, second_factor
from app.kernel import seals
from tests.browser import Browser
from tests.world import Somebody, World

_UPSERT = """
    insert into credential (person_id, password_hash, totp_secret, totp_confirmed_at) values (%s, %s, %s, %s)
    on conflict (person_id) do update set password_hash = excluded.password_hash, totp_secret = excluded.totp_secret,
        totp_confirmed_at = excluded.totp_confirmed_at"""


def with_password(world: World, who: Somebody, *, second: bool = True) -> tuple[str, str]:
    """Give somebody a password and, unless told otherwise, a confirmed second factor: (password, its secret)."""
    assert world.database.hosts  # the application's key is in place
    password, secret = f"three blue {secrets.token_hex(4)}", second_factor.new_secret()
    locked = seals.lock(secret) if second else None
    confirmed = "2026-01-01" if second else None
    world.execute(_UPSERT, who.id, passwords.hash_of(password), locked, confirmed)
    return password, secret


def code_now(world: World, who: Somebody, secret: str) -> str:
    """A code that will be taken now, also right after one was used."""
    last = world.scalar("select totp_last_step from credential where person_id = %s", who.id)
    return second_factor.next_code(secret, last)


def network() -> str:
    """An address of a network that no other test comes from."""
    return "10.{}.{}.7".format(*secrets.token_bytes(2))


class Visitor(Browser):
    """A browser of nobody, from one address."""

    def __init__(self, world: World, host: str, address: str | None = None) -> None:
        super().__init__(world.database.hosts, host)
        self.address = address or network()

    def get(self, path: str, **options: Any) -> TestResponse:
        return super().get(path, environ_base={"REMOTE_ADDR": self.address}, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return super().post(path, data, environ_base={"REMOTE_ADDR": self.address}, **options)

    @property
    def session(self) -> str | None:
        cookie = self.client.get_cookie("__Host-session", domain=self.host)
        return cookie.value if cookie else None


def sign_in(world: World, who: Somebody, password: str, secret: str) -> Visitor:
    """The whole way, as a person goes it."""
    assert who.at is not None
    visitor = Visitor(world, who.at.host)
    give_password(visitor, who, password)
    response = visitor.post("/sign-in/code", {"code": code_now(world, who, secret)})
    assert response.status_code == 303, response.text
    return visitor


def give_password(visitor: Visitor, who: Somebody, password: str) -> TestResponse:
    visitor.get("/sign-in")
    return visitor.follow(visitor.post("/sign-in", {"email": who.email, "password": password}))


def knock(visitor: Visitor, email: str, password: str) -> tuple[int, str]:
    """The answer to one try, without what differs on every page."""
    visitor.get("/sign-in")
    response = visitor.post("/sign-in", {"email": email, "password": password})
    return response.status_code, re.sub(r'value="[^"]*"', "", response.text)
