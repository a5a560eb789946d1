"""A full table a week before it meets, one request on its agenda and a fund to pay from."""

from uuid import UUID

import pytest

from tests.builders import panels
from tests.world import World


@pytest.fixture
def meeting_id(world: World) -> UUID:
    return panels.meeting(world, *panels.full_table(world))


@pytest.fixture
def item_id(world: World, meeting_id: UUID) -> UUID:
    return panels.item(world, meeting_id=meeting_id)


@pytest.fixture
def fund_id(world: World) -> UUID:
    return panels.fund(world)
