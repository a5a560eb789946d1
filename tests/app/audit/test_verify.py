"""The chain of seals holds, and whoever tampers behind the service's back is found, superuser or not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from infrastructure.database.door import open_engine
from tests.app.operator.command import run
from tests.services import TestDatabase, database_url
from tests.world import World


def change(world: World) -> None:
    """Something that is audited."""
    world.execute("update pupil set version = version + 1 where id = %s", world.amara.id)


_UNSEALED = """select count(*) from audit_entry e where e.xid >= coalesce((select max(s.to_xid) from audit_seal s
    where s.tenant_id = e.tenant_id and s.cluster = e.cluster), 0)"""


def seal(database: TestDatabase) -> int:
    """Until nothing is left: what is older than a transaction of another test in the cluster waits for its end."""
    url = database_url("send_worker", database.name).replace("://", "+psycopg://", 1)
    sealed, deadline = 0, time.monotonic() + 60
    while time.monotonic() < deadline:
        with open_engine(url).begin() as connection:
            sealed += int(connection.scalar(text("select door.seal_audit()")) or 0)
        with database.as_admin() as admin:
            if admin.execute(_UNSEALED).fetchone()[0] == 0:  # type: ignore[index]
                break
        time.sleep(0.05)
    return sealed


@contextmanager
def behind_the_back(world: World) -> Iterator[None]:
    """A superuser switches the guards off, does harm, and switches them on again."""
    tables = ("audit_entry", "audit_seal")
    for table in tables:
        world.execute(f"alter table {table} disable trigger insert_only")
    yield
    for table in tables:
        world.execute(f"alter table {table} enable trigger insert_only")


def line_about(world: World, database: TestDatabase) -> str:
    output = run(database, "audit", "verify").output
    (line,) = [line for line in output.splitlines() if line.startswith(f"{world.larkrise.slug}: ")]
    return line


def erase(world: World) -> None:
    """Leave no broken chain behind for the tests that follow."""
    with behind_the_back(world):
        world.execute("delete from audit_seal where tenant_id = %s", world.larkrise.id)
        world.execute("delete from audit_entry where tenant_id = %s", world.larkrise.id)


@pytest.fixture
def sealed(world: World, database: TestDatabase) -> Iterator[World]:
    """Two seals at least over what has happened at the school: what is younger than an open transaction waits."""
    seal(database)
    change(world)
    seal(database)
    yield world
    erase(world)


def seals(world: World) -> int:
    return int(world.scalar("select count(*) from audit_seal where tenant_id = %s", world.larkrise.id))


def test_an_untouched_diary_is_intact(sealed: World, database: TestDatabase) -> None:
    entries = sealed.scalar("select count(*) from audit_entry where tenant_id = %s", sealed.larkrise.id)
    assert seals(sealed) >= 2
    said = f"{sealed.larkrise.slug}: {seals(sealed)} seals, {entries} entries, intact"
    assert line_about(sealed, database) == said
    assert run(database, "audit", "verify").exit_code == 0


def test_new_entries_wait_for_the_next_seal(sealed: World, database: TestDatabase) -> None:
    before, held = line_about(sealed, database), seals(sealed)
    change(sealed)
    assert line_about(sealed, database) == before
    seal(database)
    assert seals(sealed) > held
    assert line_about(sealed, database).startswith(f"{sealed.larkrise.slug}: {seals(sealed)} seals")


@pytest.mark.parametrize(
    ("harm", "verdict"),
    [
        ("update audit_entry set command = 'delete' where tenant_id = %s", "an entry was changed"),
        ("update audit_entry set person_id = gen_random_uuid() where tenant_id = %s", "an entry was changed"),
        ("update audit_entry set at = at - interval '1 day' where tenant_id = %s", "an entry was changed"),
        (
            "delete from audit_entry e where tenant_id = %s and id = (select min(id) from audit_entry where tenant_id = e.tenant_id)",
            "entries,",
        ),
        ("delete from audit_seal where number = 1 and tenant_id = %s", "a seal is missing before it"),
        (
            "update audit_seal set hash = sha256('x') where number = 1 and tenant_id = %s",
            "an entry was changed",
        ),
        (
            """insert into audit_entry (tenant_id, audience, table_name, row_id, command, changed, digest, xid)
            select tenant_id, 'send_school', 'pupil', '', 'update', '{}', '', max(xid) from audit_entry
            where tenant_id = %s group by tenant_id""",
            "entries,",
        ),
    ],
)
def test_whoever_tampers_is_found(sealed: World, database: TestDatabase, harm: str, verdict: str) -> None:
    with behind_the_back(sealed):
        sealed.execute(harm, sealed.larkrise.id)
    line = line_about(sealed, database)
    assert "is broken" in line
    assert verdict in line
    assert run(database, "audit", "verify").exit_code == 1


def test_a_recomputed_seal_does_not_hide_what_was_changed(sealed: World, database: TestDatabase) -> None:
    """Whoever changes an entry and seals it anew breaks the seal that follows."""
    with behind_the_back(sealed):
        sealed.execute(
            "update audit_entry set command = 'delete' where tenant_id = %s and xid < (select to_xid from audit_seal s "
            "where s.tenant_id = audit_entry.tenant_id and number = 1)",
            sealed.larkrise.id,
        )
        sealed.execute(
            "update audit_seal s set hash = (select c.hash from audit.chain(s.tenant_id, s.cluster, s.from_xid, s.to_xid, null) c) "
            "where number = 1 and tenant_id = %s",
            sealed.larkrise.id,
        )
    assert "seal 2 is broken" in line_about(sealed, database)


def test_the_other_schools_stay_intact(sealed: World, database: TestDatabase) -> None:
    with behind_the_back(sealed):
        sealed.execute("update audit_entry set command = 'delete' where tenant_id = %s", sealed.larkrise.id)
    output = run(database, "audit", "verify").output
    assert f"{sealed.millbrook.slug}: 1 seals" in output
    assert not [
        line for line in output.splitlines() if line.startswith(sealed.millbrook.slug) and "broken" in line
    ]


def test_only_the_auditor_reads_the_diary(sealed: World, database: TestDatabase) -> None:
    for login in ("send_web", "send_worker", "send_migrator"):
        result = run(database, "audit", "verify", AUDITOR_DATABASE_URL=database_url(login, database.name))
        assert result.exit_code == 1
        assert "PostgreSQL said no" in result.output
