"""A school's name and colour: changed by the school admin, read by the SENDCO, always visible on white."""

import pytest
from sqlalchemy import text

from tests.world import World

ANSWERS = {"name": "Larkrise Church Primary", "colour": "#8a1538"}


def test_the_admin_changes_name_and_colour_and_everybody_sees_them(world: World) -> None:
    assert world.browser(world.admin).post("/school", ANSWERS).status_code == 303
    page = world.browser(world.teacher).get("/messages").text
    assert "Larkrise Church Primary" in page
    assert "8a1538" in page


def test_the_sendco_reads_and_does_not_change(world: World) -> None:
    page = world.browser(world.sendco).get("/school").text
    assert world.thornbeck.name in page
    assert "Change name or colour" not in page
    assert world.browser(world.sendco).post("/school", ANSWERS).status_code == 403
    assert "Change name or colour" in world.browser(world.admin).get("/school").text


@pytest.mark.parametrize("who", ["teacher", "assistant", "head", "dsl"])
def test_others_have_no_business_here(world: World, who: str) -> None:
    assert world.browser(getattr(world, who)).get("/school").status_code == 403


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("ffee00", "Choose a darker colour"), ("blue", "6 letters and numbers"), ("", "6 letters and numbers")],
)
def test_a_colour_that_cannot_be_seen_is_explained(world: World, code: str, sentence: str) -> None:
    response = world.browser(world.admin).post("/school", ANSWERS | {"colour": "other", "colour_code": code})
    assert response.status_code == 422
    assert sentence in response.text
    assert 'value="Larkrise Church Primary"' in response.text
    assert world.scalar("select name from tenant where id = %s", world.larkrise.id) == "Larkrise Primary"


def test_a_colour_of_their_own_is_taken(world: World) -> None:
    browser = world.browser(world.admin)
    assert browser.post("/school", ANSWERS | {"colour": "other", "colour_code": "#4A2C6B"}).status_code == 303
    assert 'value="#4a2c6b"' in browser.get("/school/edit").text


def test_postgresql_lets_only_the_admin_change_the_school(world: World) -> None:
    change = text("update tenant set name = 'Ours now'")
    for who, changed in ((world.sendco, 0), (world.other_admin, 1), (world.admin, 1)):
        with world.acting(who) as session:
            assert session.execute(change).rowcount == changed  # type: ignore[attr-defined]
    assert (
        world.scalar("select count(*) from tenant where name = 'Ours now' and slug like %s", f"%{world.mark}")
        == 2
    )
