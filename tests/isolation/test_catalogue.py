"""The schema is what isolation needs, and each check notices when it is not."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from infrastructure.database import catalogue
from tests.services import TestDatabase, admin_engine_url

FAULTS = {
    "row security is on and forced on every table": "alter table plan no force row level security",
    "everything belongs to the owner": "alter table plan owner to postgres",
    "every table of a tenant knows its tenant": "create table loose (id uuid)",
    "primary keys start with the tenant": "create table loose (id uuid primary key, tenant_id uuid not null)",
    "unique constraints start with the tenant": (
        "create table loose (tenant_id uuid not null, id uuid, primary key (tenant_id, id), unique (id, tenant_id))"
    ),
    "unique indexes start with the tenant": "create unique index loose on plan (id, tenant_id)",
    "foreign keys between tenants' tables carry the tenant on both sides": """
        alter table pupil add constraint loose unique (id, tenant_id);
        alter table plan add constraint loose_fk foreign key (pupil_id, tenant_id) references pupil (id, tenant_id)""",
    "no policy says true without a reason": "create policy loose on plan for select to send_school using (true)",
    "every policy names its audience": "create policy loose on plan for select using (tenant_id is null)",
    "policies call context functions once a statement, not once a row": (
        "create policy loose on plan for select to send_school using (tenant_id = ctx.tenant())"
    ),
    "no view, materialised view, rule or foreign table stands beside the policies": (
        "create view loose as select * from plan"
    ),
    "functions that run as the owner pin their search path and are not for everybody": (
        "create function door.loose() returns int language sql security definer as 'select 1'"
    ),
    "only door and trigger functions, and the few that answer a count or a set, run as the owner": (
        "create function ctx.loose() returns int language sql security definer set search_path = pg_catalog, public "
        "as 'select 1'; revoke all on function ctx.loose from public"
    ),
    "logins are ordinary and own nothing": "alter role send_web createrole",
    "web and worker touch no table until they are somebody": "grant select on plan to send_web",
    "memberships are set, never inherited": "grant send_system to send_web with inherit true",
    "nobody may truncate, reference or add triggers": "grant truncate on plan to send_school",
    "nobody may make objects": "grant create on schema public to send_school",
    "what is only ever added is never changed or removed": "grant update on consent to send_school",
    "an index leads with the tenant on every table of a tenant": (
        "create table loose (tenant_id uuid not null, id uuid, primary key (id, tenant_id))"
    ),
}


@pytest.fixture(scope="module")
def engine(database: TestDatabase) -> Iterator[Engine]:
    made = create_engine(admin_engine_url(database.name))
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """As the administrator, in a transaction that is always rolled back: PostgreSQL rolls back DDL too."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def test_the_schema_is_what_isolation_needs(connection: Connection) -> None:
    assert list(catalogue.problems(connection)) == []


def test_every_check_has_a_fault_that_it_notices() -> None:
    assert set(FAULTS) == {check.name for check in catalogue.CHECKS}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_planted_fault_is_noticed(connection: Connection, name: str) -> None:
    connection.execute(text(FAULTS[name]))
    assert [problem for problem in catalogue.problems(connection) if problem.startswith(name)]
