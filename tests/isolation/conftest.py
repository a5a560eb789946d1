"""The ground that the probes of a module walk on."""

from collections.abc import Iterator

import pytest

from tests.isolation.ground import Ground, two_partnerships
from tests.services import TestDatabase


@pytest.fixture(scope="module")
def ground(database: TestDatabase) -> Iterator[Ground]:
    """Two furnished partnerships, new for each module: a probe may leave traces, and no other should trip over them."""
    with two_partnerships(database) as ground:
        yield ground
