"""Adults of a pupil: who is on file, and whose details may change how."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders.counting import statements
from tests.builders.guardians import link, sees_amara, status
from tests.builders.pupils import contact
from tests.world import World

GRAN = {
    "name": "Ada Vale",
    "relationship": "Grandmother",
    "email": "ada@home.example",
    "parental_responsibility": "no",
    "priority": "3",
}


def adults(world: World) -> str:
    return f"/pupils/{world.amara.id}/guardians"


@pytest.mark.parametrize(
    ("who", "code"),
    [("sendco", 200), ("head", 200), ("dsl", 200), ("admin", 200), ("teacher", 403), ("assistant", 403)],
)
def test_class_staff_do_not_see_who_cares_for_a_child(world: World, who: str, code: int) -> None:
    assert world.browser(getattr(world, who)).get(adults(world)).status_code == code


def test_a_contact_is_added_and_sees_nothing_yet(world: World) -> None:
    browser = world.browser(world.admin)
    path = f"/pupils/{world.amara.id}/contacts"
    assert browser.get(f"{path}/new").status_code == 200
    page = browser.follow(browser.post(path, GRAN))
    assert "Ada Vale" in page.text
    assert world.scalar("select count(*) from guardianship where pupil_id = %s", world.amara.id) == 3
    again = browser.post(path, GRAN)
    assert again.status_code == 422
    assert "is on file already" in again.text


def test_bad_answers_about_a_contact_are_explained_and_kept(world: World) -> None:
    path = f"/pupils/{world.amara.id}/contacts"
    response = world.browser(world.sendco).post(
        path, {**GRAN, "email": "ada at home", "parental_responsibility": ""}
    )
    assert response.status_code == 422
    assert "correct format" in response.text
    assert "Choose yes if they have parental responsibility" in response.text
    assert "ada at home" in response.text


@pytest.mark.parametrize("who", ["head", "dsl", "teacher"])
def test_others_do_not_keep_contacts(world: World, who: str) -> None:
    assert (
        world.browser(getattr(world, who)).post(f"/pupils/{world.amara.id}/contacts", GRAN).status_code == 403
    )


def test_a_contact_of_another_school_is_not_found(world: World) -> None:
    foreign = world.scalar("select contact_id from guardianship where id = %s", world.mother.links["noor"])
    browser = world.browser(world.sendco)
    for pupil in (world.amara.id, world.noor.id):
        assert browser.get(f"/pupils/{pupil}/contacts/{foreign}/edit").status_code == 404
        assert browser.post(f"/pupils/{pupil}/contacts/{foreign}/invitation").status_code == 404


def carers_contact(world: World, **changes: str) -> tuple[str, dict[str, str]]:
    row = world.rows(
        "select c.* from contact c join guardianship g on g.contact_id = c.id where g.id = %s",
        link(world, world.carer),
    )[0]
    answers = {
        "name": row.name,
        "email": row.email,
        "parental_responsibility": "no",
        "priority": "1",
        "version": str(row.version),
    }
    return f"/pupils/{world.amara.id}/contacts/{row.id}", answers | changes


def test_a_school_admin_cannot_make_a_guardian_responsible(world: World) -> None:
    path, answers = carers_contact(world, parental_responsibility="yes")
    assert world.browser(world.admin).post(path, answers).status_code == 403
    with world.acting(world.admin) as session, pytest.raises(DBAPIError, match="changed by those who check"):
        session.execute(text("update contact set parental_responsibility = true where name = 'Aunt Ify'"))
    assert world.browser(world.sendco).post(path, answers).status_code == 303
    assert (
        world.scalar(
            "select parental_responsibility from guardianship where id = %s", link(world, world.carer)
        )
        is True
    )


def test_another_mailbox_is_another_person_until_somebody_has_looked(world: World) -> None:
    assert sees_amara(world, world.carer)
    path, answers = carers_contact(world, email="new@home.example")
    assert world.browser(world.sendco).post(path, answers).status_code == 303
    assert status(world, world.carer) == "pending"
    assert not sees_amara(world, world.carer)
    assert (
        world.scalar("select person_id from guardianship where id = %s", link(world, world.carer))
        != world.carer.id
    )


def test_a_stale_contact_shows_both(world: World) -> None:
    path, answers = carers_contact(world, phone="01632 960002")
    world.browser(world.sendco).post(path, answers)
    response = world.browser(world.admin).post(path, {**answers, "phone": "01632 960003"})
    assert response.status_code == 409
    assert "01632 960002" in response.text
    assert 'value="01632 960003"' in response.text


def test_somebody_who_uses_the_portal_stays_a_contact(world: World) -> None:
    path, _ = carers_contact(world)
    assert world.browser(world.sendco).post(f"{path}/removal").status_code == 409
    gran = contact(world, world.amara, "Ada Vale")
    assert (
        world.browser(world.sendco).post(f"/pupils/{world.amara.id}/contacts/{gran}/removal").status_code
        == 303
    )
    assert "No longer a contact" in world.browser(world.sendco).get(adults(world)).text


@pytest.mark.parametrize(
    "tail", ["guardians", "contacts/{contact}/confirmation/new", "guardians/{link}/access"]
)
def test_pages_take_three_statements_at_most(world: World, tail: str) -> None:
    made = world.scalar("select contact_id from guardianship where id = %s", link(world, world.father))
    path = f"/pupils/{world.amara.id}/" + tail.format(contact=made, link=link(world, world.father))
    assert 1 < len(statements(world, world.head, path)) <= 3
