"""Organisations come into being at the door, and the door is careful."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from infrastructure.database.door import open_engine
from infrastructure.database.ids import new_id
from tenants import provisioning
from tenants.provisioning import Refused
from tenants.registry import Kind
from tests.services import TestDatabase, database_url
from tests.world import World


@contextmanager
def door(database: TestDatabase, login: str = "send_migrator") -> Iterator[Connection]:
    url = database_url(login, database.name).replace("://", "+psycopg://", 1)
    with open_engine(url).begin() as connection:
        yield connection


def fresh() -> str:
    return f"fernhill-{new_id().hex[-10:]}"


def test_a_school_is_made_once(database: TestDatabase) -> None:
    slug = fresh()
    with door(database) as opened:
        made = provisioning.create(opened, Kind.SCHOOL, slug, "Fernhill Primary")
        assert provisioning.find_id(opened, slug) == made
        with pytest.raises(Refused, match="is taken"):
            provisioning.create(opened, Kind.LOCALITY, slug, "Fernhill Locality")


@pytest.mark.parametrize("slug", ["family", "agency", "www", "admin"])
def test_our_own_addresses_are_kept(database: TestDatabase, slug: str) -> None:
    with door(database) as opened, pytest.raises(Refused, match="kept for the service itself"):
        provisioning.create(opened, Kind.SCHOOL, slug, "Fernhill Primary")


@pytest.mark.parametrize(
    "slug", ["", "Fernhill", "-fern", "fern-", "fern_hill", "fern.hill", "f" * 41, "förn"]
)
def test_an_address_has_plain_letters_only(database: TestDatabase, slug: str) -> None:
    with door(database) as opened, pytest.raises(Refused, match="small letters"):
        provisioning.create(opened, Kind.SCHOOL, slug, "Fernhill Primary")


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_is_needed(database: TestDatabase, name: str) -> None:
    with door(database) as opened, pytest.raises(Refused, match="name of 1 to 120"):
        provisioning.create(opened, Kind.SCHOOL, fresh(), name)


def test_an_agency_has_its_mailbox_as_its_one_member(world: World, database: TestDatabase) -> None:
    slug = fresh()
    with door(database) as opened:
        made = provisioning.create(opened, Kind.AGENCY, slug, "Fern SaLT", mailbox=f"{slug}@example.org")
    kept = world.rows(
        "select p.email, m.roles, m.status from membership m join person p on p.id = m.person_id where tenant_id = %s",
        made,
    )
    assert [tuple(row) for row in kept] == [(f"{slug}@example.org", ["professional"], "active")]


@pytest.mark.parametrize(("kind", "mailbox"), [(Kind.AGENCY, None), (Kind.SCHOOL, "office@example.org")])
def test_a_mailbox_belongs_to_agencies_only(database: TestDatabase, kind: Kind, mailbox: str | None) -> None:
    with door(database) as opened, pytest.raises(Refused, match="mailbox"):
        provisioning.create(opened, kind, fresh(), "Fernhill", mailbox=mailbox)


def test_a_school_joins_a_locality_and_nothing_else_does(world: World, database: TestDatabase) -> None:
    world.execute("update tenant set locality_id = null where id = %s", world.larkrise.id)
    with door(database) as opened:
        provisioning.join(opened, world.larkrise.slug, world.thornbeck.slug)
        with pytest.raises(Refused, match="no locality"):
            provisioning.join(opened, world.larkrise.slug, world.millbrook.slug)
        with pytest.raises(Refused, match="no school"):
            provisioning.join(opened, world.ashmere.slug, world.thornbeck.slug)
    joined = world.scalar("select locality_id from tenant where id = %s", world.larkrise.id)
    assert joined == world.thornbeck.id


def test_a_suspended_school_is_closed_at_once_and_its_sessions_stay_ended(
    world: World, database: TestDatabase
) -> None:
    browser, elsewhere = world.browser(world.sendco), world.browser(world.other_sendco)
    assert browser.get("/messages").status_code == 200
    with door(database) as opened:
        provisioning.suspend(opened, world.larkrise.slug)
    assert browser.get("/messages").status_code in (303, 404)
    assert elsewhere.get("/messages").status_code == 200
    with door(database) as opened:
        provisioning.resume(opened, world.larkrise.slug)
    assert browser.get("/messages").status_code != 200
    assert world.browser(world.sendco).get("/messages").status_code == 200


def test_suspending_twice_or_nobody_is_said(world: World, database: TestDatabase) -> None:
    with door(database) as opened:
        provisioning.suspend(opened, world.larkrise.slug)
        with pytest.raises(Refused, match="suspended already"):
            provisioning.suspend(opened, world.larkrise.slug)
        with pytest.raises(Refused, match="no organisation"):
            provisioning.resume(opened, fresh())


def test_the_list_counts_people_and_names_none(world: World, database: TestDatabase) -> None:
    with door(database) as opened:
        lines = {line.slug: line for line in provisioning.list_all(opened)}
    line = lines[world.larkrise.slug]
    assert (line.kind, line.locality, line.status, line.members) == (
        "school",
        world.thornbeck.slug,
        "active",
        6,
    )


@pytest.mark.parametrize("login", ["send_web", "send_worker", "send_relay"])
def test_no_serving_process_can_make_an_organisation(database: TestDatabase, login: str) -> None:
    with door(database, login) as opened, pytest.raises(ProgrammingError, match="permission denied"):
        provisioning.create(opened, Kind.SCHOOL, fresh(), "Fernhill Primary")


def test_making_one_is_audited(world: World, database: TestDatabase) -> None:
    with door(database) as opened:
        made = provisioning.create(opened, Kind.SCHOOL, fresh(), "Fernhill Primary")
        assert opened.scalar(text("select 1")) == 1
    assert world.scalar("select command from audit_entry where tenant_id = %s", made) == "insert"
