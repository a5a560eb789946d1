"""Roles and database on a server whose administrator is no superuser, as on most managed ones."""

from collections.abc import Iterator

import psycopg
import pytest

from infrastructure.database import cluster, schema
from infrastructure.embedded.ports import free_port
from infrastructure.embedded.postgres import EmbeddedPostgres

PASSWORDS = dict.fromkeys(cluster.LOGINS, "only-for-tests")
NAME = "send"


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server of its own: roles belong to a whole cluster."""
    running = EmbeddedPostgres(tmp_path_factory.mktemp("managed"), free_port(), durable=False)
    running.start()
    with psycopg.connect(running.admin_url) as superuser:
        superuser.execute("create role ops login createrole createdb bypassrls password 'only-for-tests'")
    yield running
    running.stop()
    running.erase()


@pytest.fixture
def ops(postgres: EmbeddedPostgres) -> str:
    """The administrator's address, after one preparation."""
    url = postgres.url("ops", "only-for-tests", "postgres")
    cluster.prepare(url, NAME, PASSWORDS)
    return url


def test_an_administrator_who_is_no_superuser_prepares_and_prepares_again(
    postgres: EmbeddedPostgres, ops: str
) -> None:
    cluster.prepare(ops, NAME, PASSWORDS)
    schema.upgrade(postgres.url("send_migrator", PASSWORDS["send_migrator"], NAME))
    with psycopg.connect(postgres.url("send_backup", PASSWORDS["send_backup"], NAME)) as backup:
        assert backup.execute("select count(*) from tenant").fetchone() == (0,)


def test_the_administrator_does_not_stay_an_owner(postgres: EmbeddedPostgres, ops: str) -> None:
    with psycopg.connect(ops) as connection:
        for right in ("usage", "set"):
            assert connection.execute("select pg_has_role('send_owner', %s)", (right,)).fetchone() == (False,)


def test_a_role_that_was_given_too_much_is_repaired(postgres: EmbeddedPostgres, ops: str) -> None:
    with psycopg.connect(postgres.admin_url, autocommit=True) as superuser:
        superuser.execute("alter role send_web createdb createrole superuser inherit")
        cluster.prepare(postgres.admin_url, NAME, PASSWORDS)
        found = superuser.execute(
            "select rolsuper, rolcreatedb, rolcreaterole, rolinherit from pg_roles where rolname = 'send_web'"
        ).fetchone()
    assert found == (False, False, False, False)
