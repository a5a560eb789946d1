"""The worker's Flask app: no routes, only the session, the adapters and the composition that jobs need."""

from functools import lru_cache
from os import environ

from flask import Flask

from app.foundation import create_worker_app
from infrastructure.settings import Settings

NEEDS = ("database", "redis", "storage", "mail", "scanner")


@lru_cache(maxsize=1)
def worker_app() -> Flask:
    """Made once, before any fork: a work-horse finds everything imported."""
    return create_worker_app(Settings.from_environment(environ, needs=NEEDS))
