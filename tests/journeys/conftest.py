"""A service that runs for the journeys of one file, and a browser for all of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.builders.documents import storage
from tests.journeys.stage import Stage
from tests.journeys.visitor import chromium
from tests.live import Live, live_service
from tests.services import TestDatabase
from tests.world import World


@pytest.fixture(scope="module")
def live(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    storage()  # makes the buckets
    with live_service(database, tmp_path_factory.mktemp("live"), "web", "relay", "quick", "files") as service:
        yield service


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def stage(live: Live, window: Browser) -> Iterator[Stage]:
    built = Stage(World(live.database, live.domain), window)
    yield built
    built.close()


@pytest.fixture
def plain_stage(live: Live, window: Browser) -> Iterator[Stage]:
    """The same for people whose browser runs no scripts."""
    built = Stage(World(live.database, live.domain), window, javascript=False)
    yield built
    built.close()
