"""One set of real services for a run, one database for each worker, one fresh world for each test."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from infrastructure.database import cluster, schema
from infrastructure.embedded.services import EmbeddedServices
from tests.journeys.visitor import find_chromium
from tests.services import PASSWORD, TEMPLATE, TestDatabase, database_url, environment_for
from tests.world import World

_services: EmbeddedServices | None = None


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts PostgreSQL, Valkey, S3 and SMTP before it starts its workers."""
    global _services
    if hasattr(config, "workerinput") or os.environ.get("TEST_SERVICES") or config.option.collectonly:
        return
    _services = EmbeddedServices(Path(tempfile.mkdtemp(prefix="send-test-")), durable=False)
    _services.start()
    os.environ |= _services.environment() | {"TEST_SERVICES": "1", "AWS_EC2_METADATA_DISABLED": "true"}
    cluster.prepare(os.environ["ADMIN_DATABASE_URL"], TEMPLATE, dict.fromkeys(cluster.LOGINS, PASSWORD))
    schema.upgrade(database_url("send_migrator", TEMPLATE))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _services is not None:
        _services.stop()
        _services.erase()


@pytest.fixture(scope="session")
def database() -> TestDatabase:
    """This worker's own copy of the migrated database."""
    name = f"send_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)")
        admin.execute(f"create database {name} template {TEMPLATE} owner send_owner")
        cluster.prepare(os.environ["ADMIN_DATABASE_URL"], name, dict.fromkeys(cluster.LOGINS, PASSWORD))
    os.environ |= environment_for(name)
    return TestDatabase(name)


@pytest.fixture
def world(database: TestDatabase) -> Iterator[World]:
    """Two schools, a locality, an agency and their people, all new: tests share tables, never rows."""
    built = World(database)
    yield built
    built.lay_down()


@pytest.fixture
def errands(world: World) -> Callable[[], int]:
    """Run everything that waits in the post box, to the end. A handler that fails, fails the test."""
    return world.run_errands


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser the journeys are left out, and the end of the run says so loudly."""
    if find_chromium() is not None:
        return
    journeys = [item for item in items if item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=journeys)
    items[:] = [item for item in items if item not in journeys]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if find_chromium() is None:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", bold=True, red=True)
        terminalreporter.line(
            "No Chromium was found. Set CHROMIUM to its path; on Debian: apt-get install chromium"
        )
