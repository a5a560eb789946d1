"""Each command has a login of its own; what is missing is said in one sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from infrastructure.database.door import open_engine

MIGRATOR, WORKER, AUDITOR = "MIGRATOR_DATABASE_URL", "WORKER_DATABASE_URL", "AUDITOR_DATABASE_URL"


def environment() -> Mapping[str, str]:
    known: Mapping[str, str] = current_app.config["ENVIRONMENT_VARIABLES"]
    return known


def needed(*names: str) -> list[str]:
    """The values of these variables. Raises ClickException that names every missing one."""
    missing = [name for name in names if not environment().get(name)]
    if missing:
        raise click.ClickException(f"Set {', '.join(missing)} first.")
    return [environment()[name] for name in names]


@contextmanager
def connection(name: str) -> Iterator[Connection]:
    """One transaction as the login that this variable names."""
    (url,) = needed(name)
    try:
        with open_engine(with_driver(url)).begin() as opened:
            yield opened
    except DBAPIError as error:
        # The statement and its values stay out of terminals and logs.
        raise click.ClickException(f"PostgreSQL said no ({type(error.orig).__name__}).") from None


def with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
