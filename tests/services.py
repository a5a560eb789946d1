"""Where the services of a test run are, and the apps that run on them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from app.factory import create_hosts
from app.web.hosts import Hosts
from infrastructure.settings import Settings

TEMPLATE = "send_template"
PASSWORD = "only-for-tests"
DOMAIN = "send.example"
SECRET = "a secret that protects nothing but tests, for ever and ever"


def database_url(login: str, name: str) -> str:
    return f"postgresql://{login}:{PASSWORD}@{os.environ['DATABASE_HOST_PORT']}/{name}"


def environment_for(name: str, login: str = "send_worker") -> dict[str, str]:
    """What a process of the service is told; by default, what a worker is told."""
    return {
        "DEMO": "1",
        "DOMAIN": DOMAIN,
        "SCHEME": "https",
        "SECRET_KEY": SECRET,
        "SCANNER_URL": "demo:",
        "DATABASE_URL": database_url(login, name),
    }


@dataclass(frozen=True)
class TestDatabase:
    """One worker's database, seen as the administrator, and the web application on top of it."""

    __test__ = False
    name: str

    @cached_property
    def hosts(self) -> Hosts:
        return create_hosts(Settings.from_environment(os.environ | environment_for(self.name, "send_web")))

    @contextmanager
    def as_admin(self) -> Iterator[psycopg.Connection[Any]]:
        """Sees and may do everything: to build worlds and to look behind what a page says."""
        url = os.environ["ADMIN_DATABASE_URL"].rsplit("/", 1)[0] + "/" + self.name
        with psycopg.connect(url, autocommit=True, row_factory=namedtuple_row) as connection:
            yield connection

    @contextmanager
    def as_login(self, login: str) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(database_url(login, self.name), row_factory=namedtuple_row) as connection:
            yield connection


def admin_engine_url(name: str) -> str:
    """The administrator's way into a test database, for SQLAlchemy."""
    url = os.environ["ADMIN_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    return url.rsplit("/", 1)[0] + "/" + name
