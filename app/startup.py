"""Refuse to serve on a schema, or as a login, that PostgreSQL would not isolate."""

from app.kernel.access import Audience
from app.web.hosts import Hosts
from infrastructure.database import catalogue
from infrastructure.database.door import at_the_door


class BadSchema(Exception):
    """Serving would mean trusting code alone to keep schools apart."""


def refuse_a_bad_schema(hosts: Hosts) -> None:
    """Raises BadSchema with every problem found."""
    with hosts.apps[Audience.FRONT].app_context(), at_the_door() as connection:
        found = list(catalogue.problems(connection, start_up=True))
    if found:
        raise BadSchema("; ".join(found))
