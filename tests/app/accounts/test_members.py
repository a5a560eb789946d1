"""Keeping the staff: only the admin, never oneself, never nobody."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.accounts import queries
from app.kernel.access import Role
from app.kernel.errors import NotFound
from tests.builders.accounts import sign_in, with_password
from tests.world import Somebody, World


def membership(world: World, who: Somebody) -> str:
    assert who.at is not None
    query = "select id from membership where person_id = %s and tenant_id = %s"
    return str(world.scalar(query, who.id, who.at.id))


def roles_of(world: World, who: Somebody) -> list[str]:
    found: list[str] = world.scalar("select roles from membership where id = %s", membership(world, who))
    return found


def second_admin(world: World) -> Somebody:
    world.execute(
        "update membership set roles = '{headteacher,school_admin}' where id = %s",
        membership(world, world.head),
    )
    return world.head


def test_the_list_shows_everybody_who_works_here_and_nobody_else(world: World) -> None:
    page = world.browser(world.admin).get("/staff").text
    assert "Priya Nair" in page
    assert "SENDCO" in page
    assert "Daniel Osei" not in page
    assert "Joan Fell" in world.browser(world.clerk).get("/staff").text


@pytest.mark.parametrize(
    "who", ["sendco", "head", "dsl", "teacher", "assistant", "chair", "area_lead", "finance"]
)
def test_nobody_else_keeps_the_staff(world: World, who: str) -> None:
    somebody = getattr(world, who)
    browser = world.browser(somebody)
    key = membership(world, somebody)
    for path in ("/staff", "/staff/new", f"/staff/{key}", f"/staff/{key}/roles", f"/staff/{key}/ending"):
        assert browser.get(path).status_code == 403
    browser.get("/about/help")
    for path in (
        "/staff",
        f"/staff/{key}/roles",
        f"/staff/{key}/ending",
        f"/staff/{key}/second-factor-reset",
    ):
        assert browser.post(path, {"roles": ["dsl"], "version": "1"}).status_code == 403


def test_staff_of_another_school_are_not_found(world: World) -> None:
    browser = world.browser(world.admin)
    key = membership(world, world.other_sendco)
    for path in ("", "/roles", "/ending", "/second-factor-reset"):
        assert browser.get(f"/staff/{key}{path}").status_code == 404
    for path in ("/roles", "/ending", "/second-factor-reset", "/invitation", "/invitation/cancellation"):
        assert browser.post(f"/staff/{key}{path}", {"roles": ["dsl"], "version": "1"}).status_code == 404


def test_new_roles_count_from_the_next_page(world: World) -> None:
    teacher = world.browser(world.teacher)
    assert teacher.get("/staff").status_code == 403
    key = membership(world, world.teacher)
    admin = world.browser(world.admin)
    admin.get(f"/staff/{key}/roles")
    assert (
        admin.post(
            f"/staff/{key}/roles", {"roles": ["school_admin", "class_teacher"], "version": "1"}
        ).status_code
        == 303
    )
    assert roles_of(world, world.teacher) == ["class_teacher", "school_admin"]
    assert teacher.get("/staff").status_code == 200


def test_a_stale_change_shows_both_and_loses_nothing(world: World) -> None:
    key = membership(world, world.teacher)
    admin = world.browser(world.admin)
    admin.get(f"/staff/{key}/roles")
    for roles, expected in ((["dsl"], 303), (["headteacher"], 409)):
        response = admin.post(f"/staff/{key}/roles", {"roles": roles, "version": "1"})
        assert response.status_code == expected
    assert "Safeguarding lead" in response.text
    assert 'name="version" value="2"' in response.text
    assert admin.post(f"/staff/{key}/roles", {"roles": ["headteacher"], "version": "2"}).status_code == 303


@pytest.mark.parametrize("roles", [[], ["clerk"], ["guardian"]])
def test_only_roles_of_this_kind_of_organisation(world: World, roles: list[str]) -> None:
    key = membership(world, world.teacher)
    admin = world.browser(world.admin)
    admin.get(f"/staff/{key}/roles")
    response = admin.post(f"/staff/{key}/roles", {"roles": roles, "version": "1"})
    assert response.status_code == 422
    assert "Select at least one role" in response.text


def test_nobody_changes_their_own_roles(world: World) -> None:
    second_admin(world)
    key = membership(world, world.admin)
    admin = world.browser(world.admin)
    assert "This is you" in admin.get(f"/staff/{key}").text
    response = admin.post(f"/staff/{key}/roles", {"roles": ["dsl", "school_admin"], "version": "1"})
    assert response.status_code == 403
    with pytest.raises(IntegrityError), world.acting(world.admin) as session:
        session.execute(text("update membership set roles = '{dsl}' where id = :id"), {"id": key})


def test_the_last_admin_cannot_leave_and_another_can(world: World) -> None:
    key = membership(world, world.admin)
    admin = world.browser(world.admin)
    admin.get(f"/staff/{key}/ending")
    refused = admin.post(f"/staff/{key}/ending")
    assert refused.status_code == 409
    assert "Give this role to another person first" in refused.text
    second_admin(world)
    assert admin.post(f"/staff/{key}/ending").status_code == 303
    assert admin.get("/staff").status_code == 303


def test_postgresql_itself_keeps_the_last_admin(world: World) -> None:
    for change in ("status = 'ended'", "roles = '{dsl}'"):
        with pytest.raises(psycopg.Error, match="the last admin cannot leave"):
            world.execute(f"update membership set {change} where id = %s", membership(world, world.admin))


def test_ending_access_ends_the_session_with_the_next_request(world: World) -> None:
    visitor = sign_in(world, world.teacher, *with_password(world, world.teacher))
    key = membership(world, world.teacher)
    admin = world.browser(world.admin)
    admin.get(f"/staff/{key}/ending")
    assert admin.post(f"/staff/{key}/ending").status_code == 303
    assert visitor.get("/sessions").status_code == 303
    assert world.scalar("select ended_at from session where person_id = %s", world.teacher.id) is not None
    assert "Tom Ashworth" not in admin.get("/staff").text
    assert admin.post(f"/staff/{key}/ending").status_code == 409


def test_ending_access_at_one_place_leaves_the_other(world: World) -> None:
    """Priya Nair is the SENDCO of Larkrise and sits on the panel."""
    panel = world.browser(world.conflicted_member)
    key = membership(world, world.sendco)
    admin = world.browser(world.admin)
    admin.get(f"/staff/{key}/ending")
    admin.post(f"/staff/{key}/ending")
    assert panel.get("/sessions").status_code == 200


@pytest.mark.parametrize(
    "table",
    ["credential", "recovery_code", "session", "half_session", "attempt", "email_code", "password_reset"],
)
@pytest.mark.parametrize("who", ["admin", "clerk", "mother"])
def test_no_audience_reads_a_secret(world: World, table: str, who: str) -> None:
    child = "amara" if who == "mother" else None
    with (
        pytest.raises(DBAPIError, match="permission denied"),
        world.acting(getattr(world, who), child=child) as session,
    ):
        session.execute(text(f"select * from {table}"))


def test_the_worker_reads_codes_without_their_hashes(world: World) -> None:
    with world.database.as_login("send_worker") as worker:
        worker.execute("set role send_system")
        assert worker.execute("select count(id) from email_code").fetchone() == (0,)
        with pytest.raises(psycopg.Error, match="permission denied"):
            worker.execute("select code_hash from email_code")


def test_members_with_a_role_are_those_at_work_here_now(world: World) -> None:
    world.execute("update membership set status = 'ended' where person_id = %s", world.dsl.id)
    with world.acting(world.sendco):
        found = queries.members_with(Role.SENDCO, Role.DSL)
        assert [(m.person_id, m.name, m.email, m.roles) for m in found] == [
            (world.sendco.id, "Priya Nair", world.sendco.email, frozenset({Role.SENDCO}))
        ]
        assert queries.get_member(world.head.id).name == "Ruth Calder"
        assert len(queries.list_members()) == 5
        for person in (world.dsl, world.other_head):
            with pytest.raises(NotFound):
                queries.get_member(person.id)
