"""Two looks let an adult in to the family portal, and never somebody else in their place."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders.guardians import propose, sees_amara
from tests.builders.pupils import contact
from tests.mailbox import text_of
from tests.world import Somebody, World


def invited(world: World, email: str | None = "ada@home.example", name: str = "Ada Vale") -> tuple[str, UUID]:
    made = contact(world, world.amara, name, email=email)
    return f"/pupils/{world.amara.id}/contacts/{made}", made


def test_two_looks_let_somebody_in_and_a_mail_says_where_to_go(world: World) -> None:
    address = f"ada.{world.mark}@home.example"
    path, made = invited(world, address)
    browser = world.browser(world.sendco)
    second = browser.follow(browser.post(f"{path}/invitation"))
    assert "I have checked that this is Ada Vale" in second.text
    row = world.rows("select id, status, person_id from guardianship where contact_id = %s", made)[0]
    assert row.status == "pending"
    assert world.events() == set()
    untouched = browser.post(f"{path}/confirmation")
    assert untouched.status_code == 422
    assert "Tick the box" in untouched.text
    assert browser.post(f"{path}/confirmation", {"confirmed": "yes"}).status_code == 303
    gran = Somebody(row.person_id, "Ada Vale", address, links={"amara": row.id})
    vars(world)["gran"] = gran  # one of this world from now on, so that her mail is looked for
    assert sees_amara(world, gran)
    world.run_errands()
    mails = [mail for mail in world.mails() if mail["To"] == address]
    assert len(mails) == 1
    assert "Amara" not in str(mails[0]["Subject"]) + text_of(mails[0])
    assert world.scalar("select confirmed_by from guardianship where id = %s", row.id) == world.sendco.id


def test_inviting_twice_is_a_conflict_and_so_is_confirming_twice(world: World) -> None:
    path, _ = invited(world)
    browser = world.browser(world.sendco)
    browser.post(f"{path}/invitation")
    assert browser.post(f"{path}/invitation").status_code == 409
    browser.post(f"{path}/confirmation", {"confirmed": "yes"})
    assert browser.post(f"{path}/confirmation", {"confirmed": "yes"}).status_code == 409


@pytest.mark.parametrize("who", ["admin", "teacher", "assistant"])
def test_those_who_do_not_check_people_do_not_invite(world: World, who: str) -> None:
    path, made = invited(world)
    assert world.browser(getattr(world, who)).post(f"{path}/invitation").status_code == 403
    if who == "admin":
        with world.acting(world.admin) as session, pytest.raises(DBAPIError, match="row-level security"):
            session.execute(
                text(
                    "insert into guardianship (tenant_id, id, pupil_id, contact_id) values (ctx.tenant(), gen_random_uuid(), :p, :c)"
                ),
                {"p": world.amara.id, "c": made},
            )


def test_a_shared_mailbox_is_refused_with_guidance(world: World) -> None:
    path, made = invited(world, world.father.email)
    response = world.browser(world.sendco).post(f"{path}/invitation")
    assert response.status_code == 422
    assert "David Vale has the same email address" in response.text
    assert world.scalar("select count(*) from guardianship where contact_id = %s", made) == 0


def test_without_an_address_there_is_no_invitation(world: World) -> None:
    path, _ = invited(world, None)
    response = world.browser(world.sendco).post(f"{path}/invitation")
    assert response.status_code == 422
    assert "Add an email address first" in response.text


def test_the_second_look_shows_who_else_has_the_address(world: World) -> None:
    path, _ = invited(world, world.other_mother.email)
    browser = world.browser(world.sendco)
    assert "Leila Bex (Idris)" in browser.follow(browser.post(f"{path}/invitation")).text


def test_somebody_who_was_stopped_does_not_come_back_by_another_address(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    path, _ = invited(world, "other@home.example", "David VALE")
    response = world.browser(world.sendco).post(f"{path}/invitation")
    assert response.status_code == 422
    assert "had their access stopped" in response.text


def test_the_person_behind_a_link_is_never_the_schools_choice(world: World) -> None:
    _, made = invited(world, f"ada.{world.mark}@home.example")
    with world.acting(world.sendco) as session:
        session.execute(
            text("""insert into guardianship (tenant_id, id, pupil_id, contact_id, person_id, parental_responsibility,
                    child_name, school_name) values (ctx.tenant(), gen_random_uuid(), :p, :c, :who, true, '', '')"""),
            {"p": world.amara.id, "c": made, "who": world.barred.id},
        )
    row = world.rows(
        "select p.email from guardianship g join person p on p.id = g.person_id where g.contact_id = %s", made
    )[0]
    assert row.email == f"ada.{world.mark}@home.example"


def test_a_known_person_is_found_again_and_not_made_twice(world: World) -> None:
    _, made = invited(world, world.other_mother.email.upper())
    browser = world.browser(world.sendco)
    browser.post(f"/pupils/{world.amara.id}/contacts/{made}/invitation")
    assert (
        world.scalar("select person_id from guardianship where contact_id = %s", made)
        == world.other_mother.id
    )
