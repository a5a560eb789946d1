"""The relay and the runner, called in this process, with nothing swallowed."""

from sqlalchemy import Engine

from infrastructure.database.binding import NotBound
from workers import relay
from workers.home import worker_app
from workers.runner import _attempt


def run_all(engine: Engine, *, rounds: int = 50) -> int:
    """Expand, lease and attempt until nothing is left. An error in a handler comes straight out."""
    done = 0
    for _ in range(rounds):
        with engine.begin() as connection:
            relay.expand(connection)
        with engine.begin() as connection:
            leases = relay.lease(connection)
        if not leases:
            return done
        for lease in leases:
            with worker_app().app_context():
                try:
                    _attempt(lease.delivery_id, lease.attempt)
                except NotBound:
                    continue
                done += 1
    raise AssertionError("The post box never emptied.")
