"""Start a worker: `python -m workers.start quick` for mail and notices, `… files` for documents, none for both."""

import sys
from os import environ

from infrastructure import queue
from infrastructure.observability import start_logging, start_sentry
from infrastructure.settings import Settings
from workers import runner
from workers.home import NEEDS, worker_app


def main(arguments: list[str]) -> None:
    """Everything is imported before the first fork (a module imported after it would cost every job)."""
    settings = Settings.from_environment(environ, needs=NEEDS)
    start_logging(settings.log_level)
    start_sentry(settings.sentry_dsn, release=settings.release, environment=settings.environment)
    worker_app()
    assert settings.redis_url
    names = [name for name in arguments if name in (queue.QUICK, queue.FILES)] or [queue.QUICK, queue.FILES]
    on_death = runner.died if queue.FILES in names else None
    queue.work(names, queue.open_redis(settings.redis_url), on_death=on_death)


if __name__ == "__main__":
    main(sys.argv[1:])
