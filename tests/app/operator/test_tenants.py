"""The operator makes organisations and lets their first admins in."""

import os

import pytest

from infrastructure.database.ids import new_id
from tests.app.operator.command import run
from tests.mailbox import mails_for, text_of
from tests.services import TestDatabase
from tests.world import World


def fresh() -> str:
    return f"fernhill-{new_id().hex[-10:]}"


def admin(slug: str) -> list[str]:
    return ["--admin-name", "Gail Embury", "--admin-email", f"Gail@{slug}.Example"]


def test_a_school_is_made_joined_and_its_admin_invited_by_mail(world: World, database: TestDatabase) -> None:
    slug = fresh()
    words = ["tenants", "create-school", slug, "Fernhill Primary", "--locality", world.thornbeck.slug]
    result = run(database, *words, *admin(slug))
    assert result.exit_code == 0, result.output
    assert "invitation is on its way" in result.output
    world.run_errands()
    (mail,) = mails_for(os.environ["MAIL_FOLDER"], {f"gail@{slug}.example"})
    assert f"https://{slug}.{world.domain}/invitations/" in text_of(mail)
    joined = world.scalar("select locality_id from tenant where slug = %s", slug)
    assert joined == world.thornbeck.id


def test_the_first_admin_of_a_locality_is_its_clerk(world: World, database: TestDatabase) -> None:
    slug = fresh()
    assert run(database, "tenants", "create-locality", slug, "Fernhill Locality", *admin(slug)).exit_code == 0
    kept = world.scalar(
        "select roles from membership m join tenant t on t.id = m.tenant_id where t.slug = %s", slug
    )
    assert kept == ["clerk"]


def test_an_agency_is_made(world: World, database: TestDatabase) -> None:
    slug = fresh()
    result = run(database, "tenants", "create-agency", slug, "Fern SaLT", "--mailbox", f"Post@{slug}.example")
    assert result.exit_code == 0, result.output
    assert world.scalar("select referral_email from tenant where slug = %s", slug) == f"post@{slug}.example"


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [("family", "kept for the service itself"), ("Fern Hill", "small letters"), ("taken", "is taken")],
)
def test_an_address_that_cannot_be_is_explained(
    world: World, database: TestDatabase, slug: str, sentence: str
) -> None:
    slug = world.larkrise.slug if slug == "taken" else slug
    result = run(database, "tenants", "create-school", slug, "Fernhill Primary", *admin("fernhill"))
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_with_a_wrong_address_for_the_admin_nothing_is_made(world: World, database: TestDatabase) -> None:
    slug = fresh()
    words = ["tenants", "create-school", slug, "Fernhill Primary"]
    result = run(database, *words, "--admin-name", "Gail Embury", "--admin-email", "gail at school")
    assert "e-mail address in the correct format" in result.output
    assert world.scalar("select count(*) from tenant where slug = %s", slug) == 0


def test_with_an_unknown_locality_nothing_is_made(world: World, database: TestDatabase) -> None:
    slug = fresh()
    words = ["tenants", "create-school", slug, "Fernhill Primary", "--locality", "nowhere"]
    result = run(database, *words, *admin(slug))
    assert "There is no locality with the address “nowhere”." in result.output
    assert world.scalar("select count(*) from tenant where slug = %s", slug) == 0


def test_an_organisation_that_has_an_admin_gets_no_second_through_the_operator(
    world: World, database: TestDatabase
) -> None:
    result = run(database, "tenants", "invite-admin", world.larkrise.slug, "Eve Stranger", "eve@example.org")
    assert result.exit_code == 1
    assert "has an admin already" in result.output
    slug = fresh()
    run(database, "tenants", "create-school", slug, "Fernhill Primary", *admin(slug))
    again = run(database, "tenants", "invite-admin", slug, "Gail Embury", f"gail@{slug}.example")
    assert again.exit_code == 0, again.output


def test_join_suspend_resume_and_list(world: World, database: TestDatabase) -> None:
    slug = world.larkrise.slug
    assert run(database, "tenants", "join", slug, world.thornbeck.slug).exit_code == 0
    assert run(database, "tenants", "suspend", slug).exit_code == 0
    assert f"{slug}" in run(database, "tenants", "list").output
    assert "suspended" in run(database, "tenants", "list").output
    assert run(database, "tenants", "resume", slug).exit_code == 0
    assert "active already" in run(database, "tenants", "resume", slug).output


def test_the_list_names_no_person(world: World, database: TestDatabase) -> None:
    output = run(database, "tenants", "list").output
    assert world.larkrise.name in output
    for somebody in (world.admin, world.sendco):
        assert somebody.name not in output
        assert somebody.email not in output


def test_what_is_not_set_is_named(database: TestDatabase) -> None:
    result = run(database, "tenants", "list", without=("MIGRATOR_DATABASE_URL",))
    assert result.exit_code == 1
    assert "Set MIGRATOR_DATABASE_URL first." in result.output
