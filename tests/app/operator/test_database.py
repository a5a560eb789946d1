"""Roles, database and schema from nothing, by the operator's own commands."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.app.operator.command import environment_of, run
from tests.services import TestDatabase, database_url

NAME = "send_made_by_hand"


@pytest.fixture
def unmade(database: TestDatabase) -> Iterator[TestDatabase]:
    """A database that does not exist yet on the cluster of the tests."""
    drop = f"drop database if exists {NAME} with (force)"
    with psycopg.connect(environment_of(NAME)["ADMIN_DATABASE_URL"], autocommit=True) as admin:
        admin.execute(drop)
        yield TestDatabase(NAME)
        admin.execute(drop)


def test_from_nothing_to_a_healthy_database(unmade: TestDatabase) -> None:
    assert "Roles and database are ready." in run(unmade, "database", "prepare").output
    assert run(unmade, "database", "prepare").exit_code == 0
    assert "The schema is up to date." in run(unmade, "database", "upgrade").output
    with psycopg.connect(database_url("send_migrator", NAME)) as migrator:
        assert migrator.execute("select count(*) from door.list_tenants()").fetchone() == (0,)
    assert "All is well." in run(unmade, "health").output


def test_everything_that_is_not_set_is_named_at_once(database: TestDatabase) -> None:
    result = run(
        database,
        "database",
        "prepare",
        without=("ADMIN_DATABASE_URL", "SEND_WEB_PASSWORD", "SEND_RELAY_PASSWORD"),
    )
    assert result.exit_code == 1
    assert "Set ADMIN_DATABASE_URL, SEND_WEB_PASSWORD, SEND_RELAY_PASSWORD first." in result.output
