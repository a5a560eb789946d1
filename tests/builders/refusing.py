"""Somebody who reaches a service past every page: the service itself says no, and nothing has been written."""

from collections.abc import Callable, Iterable

import pytest

from app.kernel.access import Actor
from app.kernel.errors import DomainError, Forbidden
from tests.world import Somebody, World

Deed = Callable[[Actor], object]


def refused(world: World, people: Iterable[Somebody], deed: Deed) -> None:
    """None of these people may ever do this."""
    for who in people:
        stopped(world, who, deed, Forbidden, "role does not allow")


def stopped(world: World, who: Somebody, deed: Deed, error: type[DomainError], sentence: str) -> None:
    """The unit of work itself ends well: had anything been written before the no, it would have stayed."""
    before = _written(world)
    with world.acting(who), pytest.raises(error, match=sentence):
        deed(who.actor)
    assert _written(world) == before, who.name


def _written(world: World) -> tuple[int, int]:
    """Every row that people keep leaves a line in the audit, and every event one in the post box."""
    return world.scalar("select count(*) from audit_entry"), world.scalar("select count(*) from outbox_entry")
