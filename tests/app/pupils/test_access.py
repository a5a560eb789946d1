"""How access is stopped at once by one of the two leads, and given back only by both."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders.guardians import REASON, confirm, link, own_links, propose, sees_amara, status
from tests.world import World


@pytest.mark.parametrize("who", ["head", "dsl"])
def test_a_bar_acts_at_once_and_waits_for_the_other(world: World, who: str) -> None:
    assert sees_amara(world, world.father)
    assert own_links(world, world.father) == 1
    assert propose(world, getattr(world, who), world.father, "barred") == 303
    assert status(world, world.father) == "barred"
    assert not sees_amara(world, world.father)
    assert own_links(world, world.father) == 0
    assert sees_amara(world, world.mother)
    assert confirm(world, getattr(world, who)) == 409
    assert confirm(world, world.dsl if who == "head" else world.head) == 303
    assert status(world, world.father) == "barred"


def test_a_barred_parent_stays_signed_in_and_sees_nothing(world: World) -> None:
    browser = world.browser(world.father)
    path = f"/children/{link(world, world.father)}"
    before = browser.get(path).status_code
    propose(world, world.dsl, world.father, "barred")
    assert before == 200
    assert browser.get(path).status_code == 404
    assert browser.get("/").status_code == 200
    assert "Amara" not in browser.get("/").text


def test_access_comes_back_only_when_two_have_said_so(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    confirm(world, world.head)
    assert propose(world, world.head, world.father, "active") == 303
    assert status(world, world.father) == "barred"
    assert confirm(world, world.head) == 409
    assert status(world, world.father) == "barred"
    assert confirm(world, world.dsl) == 303
    assert status(world, world.father) == "pending"  # made by the world without a look: it is owed one now
    world.execute(
        "update guardianship set status = 'barred', confirmed_at = now() where id = %s",
        link(world, world.father),
    )
    propose(world, world.dsl, world.father, "active")
    assert confirm(world, world.head) == 303
    assert status(world, world.father) == "active"
    assert sees_amara(world, world.father)


def test_a_bar_softened_to_restricted_needs_two_as_well(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    propose(world, world.dsl, world.father, "restricted")
    assert status(world, world.father) == "barred"
    assert confirm(world, world.head) == 303
    assert status(world, world.father) == "restricted"


def test_a_proposal_to_open_can_be_taken_back_and_a_bar_cannot(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    bar = world.scalar("select id from access_change where tenant_id = %s", world.larkrise.id)
    browser = world.browser(world.dsl)
    assert browser.post(f"/pupils/{world.amara.id}/access-changes/{bar}/withdrawal").status_code == 409
    propose(world, world.head, world.father, "active")
    lift = world.scalar("select id from access_change where lifts and tenant_id = %s", world.larkrise.id)
    assert browser.post(f"/pupils/{world.amara.id}/access-changes/{lift}/withdrawal").status_code == 303
    assert confirm(world, world.dsl) == 409
    assert status(world, world.father) == "barred"


def test_one_person_with_both_roles_is_still_one_person(world: World) -> None:
    world.execute("update membership set roles = '{headteacher,dsl}' where person_id = %s", world.head.id)
    propose(world, world.head, world.father, "barred")
    propose(world, world.head, world.father, "active")
    assert confirm(world, world.head) == 409
    assert status(world, world.father) == "barred"
    assert confirm(world, world.dsl) == 303


@pytest.mark.parametrize("who", ["sendco", "admin", "teacher", "assistant"])
def test_nobody_else_changes_access_or_reads_why(world: World, who: str) -> None:
    assert propose(world, getattr(world, who), world.father, "barred") == 403
    propose(world, world.dsl, world.father, "barred")
    page = world.browser(getattr(world, who)).get(
        f"/pupils/{world.amara.id}/guardians/{link(world, world.father)}/access"
    )
    assert page.status_code == 403
    with world.acting(getattr(world, who)) as session:
        assert session.scalar(text("select count(*) from access_change")) == 0
    assert (
        REASON
        in world.browser(world.head)
        .get(f"/pupils/{world.amara.id}/guardians/{link(world, world.father)}/access")
        .text
    )


def test_only_the_two_leads_are_told_and_never_whom_it_is_about(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    confirm(world, world.head)
    world.run_errands()
    assert {mail["To"] for mail in world.mails()} <= {world.head.email, world.dsl.email}
    told = {
        row.person_id
        for row in world.rows("select person_id from notification where tenant_id = %s", world.larkrise.id)
    }
    assert told == {world.head.id, world.dsl.id}


def test_a_reason_is_needed_and_a_change_must_change_something(world: World) -> None:
    path = f"/pupils/{world.amara.id}/guardians/{link(world, world.father)}/access-changes"
    browser = world.browser(world.head)
    response = browser.post(path, {"to_status": "barred"})
    assert response.status_code == 422
    assert "Enter the reason" in response.text
    assert "like that already" in browser.post(path, {"to_status": "active", "reason": REASON}).text
    assert status(world, world.father) == "active"


BY_HAND = {
    "a SENDCO lifts a bar by hand": (
        "sendco",
        "update guardianship set status = 'active' where person_id = :barred",
    ),
    "a head lifts a bar by hand": (
        "head",
        "update guardianship set status = 'active' where person_id = :barred",
    ),
    "a DSL bars by hand": ("dsl", "update guardianship set status = 'barred' where person_id = :father"),
    "a SENDCO moves a link to somebody else": (
        "sendco",
        "update guardianship set person_id = :barred where person_id = :father",
    ),
}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_postgresql_itself_moves_access_by_no_other_way(world: World, name: str) -> None:
    who, statement = BY_HAND[name]
    people = {"barred": world.barred.id, "father": world.father.id}
    before = world.rows(
        "select id, status, person_id from guardianship where tenant_id = %s order by id", world.larkrise.id
    )
    try:
        with world.acting(getattr(world, who)) as session:
            session.execute(text(statement), {k: v for k, v in people.items() if f":{k}" in statement})
    except DBAPIError as error:
        assert "permission denied" in str(error) or "row-level security" in str(error)  # noqa: PT017
    after = world.rows(
        "select id, status, person_id from guardianship where tenant_id = %s order by id", world.larkrise.id
    )
    assert before == after


FORGED = {
    "in the name of another": {"proposed_by": "dsl", "proposed_role": "dsl"},
    "in another role": {"proposed_by": "head", "proposed_role": "dsl"},
    "confirmed from the start": {
        "proposed_by": "head", "proposed_role": "headteacher", "confirmed_by": "dsl", "confirmed_role": "dsl",
        "confirmed_at": "2026-01-01",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FORGED))
def test_a_change_cannot_be_forged(world: World, name: str) -> None:
    said = {k: getattr(world, v).id if k.endswith("_by") else v for k, v in FORGED[name].items()}
    values = said | {
        "to_status": "active",
        "reason": "x",
        "pupil_id": world.idris.id,
        "guardianship_id": world.barred.links["idris"],
    }
    names, marks = ", ".join(values), ", ".join(f":{n}" for n in values)
    with world.acting(world.head) as session, pytest.raises(DBAPIError, match="row-level security"):
        session.execute(
            text(
                f"insert into access_change (tenant_id, id, {names}) values (ctx.tenant(), gen_random_uuid(), {marks})"
            ),
            values,
        )
    assert (
        world.scalar("select status from guardianship where id = %s", world.barred.links["idris"]) == "barred"
    )
