"""What a server runs: `application` for the web, `operator` for the command line."""

from os import environ
from typing import Any

from flask import Flask


def __getattr__(name: str) -> Any:
    """Made on demand: the web server needs no operator, the operator needs no web settings."""
    if name == "application":
        return _application()
    if name == "operator":
        return _operator()
    raise AttributeError(name)


def _application() -> Any:
    from app.factory import create_hosts
    from app.startup import refuse_a_bad_schema
    from infrastructure.observability import start_logging, start_sentry
    from infrastructure.settings import Settings

    settings = Settings.from_environment(environ, needs=("database", "redis", "storage"))
    start_logging(settings.log_level)
    start_sentry(settings.sentry_dsn, release=settings.release, environment=settings.environment)
    hosts = create_hosts(settings)
    refuse_a_bad_schema(hosts)
    return hosts


def _operator() -> Flask:
    from app.command_line import create_operator_app

    return create_operator_app(environ)
