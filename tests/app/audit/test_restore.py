"""A diary that was dumped and restored into another cluster: still proved, and sealed on, though numbers begin again."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from infrastructure.database import catalogue, cluster
from infrastructure.embedded import postgres_files
from infrastructure.embedded.ports import HOST, free_port
from infrastructure.embedded.postgres import EmbeddedPostgres
from tests.app.audit.test_verify import behind_the_back, change, line_about, seal
from tests.app.operator.command import run
from tests.services import PASSWORD, TestDatabase, admin_engine_url, database_url
from tests.world import World


@pytest.fixture
def restored(
    world: World, database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """One seal and one entry that waits for the next, taken to a new cluster as the operator's page says."""
    seal(database)
    change(world)
    tools, dump = postgres_files.binaries(), tmp_path / "dump"
    postgres = EmbeddedPostgres(tmp_path, free_port(), durable=False)
    source = database_url("send_backup", database.name)
    subprocess.run([tools / "pg_dump", "--format=custom", f"--file={dump}", source], check=True)
    postgres.start()
    monkeypatch.setenv("ADMIN_DATABASE_URL", postgres.admin_url)
    monkeypatch.setenv("DATABASE_HOST_PORT", f"{HOST}:{postgres.port}")
    cluster.prepare(postgres.admin_url, database.name, dict.fromkeys(cluster.LOGINS, PASSWORD))
    words = ("--exit-on-error", "--single-transaction", "--no-owner", "--role=send_owner")
    target = f"--dbname={database_url('send_migrator', database.name)}"
    subprocess.run([tools / "pg_restore", *words, target, dump], check=True)
    yield world
    postgres.stop()
    postgres.erase()


def seals(world: World) -> list[tuple[int, int]]:
    """The number of each seal and how many entries it holds."""
    query = "select number, entries from audit_seal where tenant_id = %s order by number"
    return [tuple(row) for row in world.rows(query, world.larkrise.id)]


def test_what_was_sealed_is_intact_after_a_restore(restored: World, database: TestDatabase) -> None:
    assert line_about(restored, database).endswith("intact")
    assert run(database, "audit", "verify").exit_code == 0


def test_the_chain_goes_on_though_transaction_numbers_begin_again(
    restored: World, database: TestDatabase
) -> None:
    """What the old cluster had not sealed is sealed first, then what has happened since, each once."""
    ((_, first),) = seals(restored)
    numbers = "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint < max(to_xid) from audit_seal"
    assert restored.scalar(numbers) is True
    for _ in range(2):
        change(restored)
    seal(database)
    assert seals(restored) == [(1, first), (2, 1), (3, 2)]
    assert line_about(restored, database) == f"{restored.larkrise.slug}: 3 seals, {first + 3} entries, intact"


def test_a_second_look_seals_nothing_twice(restored: World, database: TestDatabase) -> None:
    seal(database)
    sealed = seals(restored)
    assert seal(database) == 0
    assert seals(restored) == sealed


def test_whoever_tampers_is_found_on_both_sides_of_a_restore(restored: World, database: TestDatabase) -> None:
    """From the last seal to the first: the first that does not hold is named."""
    change(restored)
    seal(database)
    for number in (3, 2, 1):
        with behind_the_back(restored):
            restored.execute(
                """update audit_entry e set command = 'delete' from audit_seal s where s.tenant_id = e.tenant_id
                and s.cluster = e.cluster and e.xid >= s.from_xid and e.xid < s.to_xid and s.number = %s and s.tenant_id = %s""",
                number,
                restored.larkrise.id,
            )
        assert f"seal {number} is broken: an entry was changed" in line_about(restored, database)


def test_a_restored_schema_is_what_isolation_needs(restored: World, database: TestDatabase) -> None:
    """Policies, grants and owners travel in the dump; the roles and their attributes are made before."""
    engine = create_engine(admin_engine_url(database.name))
    with engine.connect() as connection:
        assert list(catalogue.problems(connection)) == []
        assert (
            connection.scalar(text("select count(*) from pupil where id = :id"), {"id": restored.amara.id})
            == 1
        )
    engine.dispose()
