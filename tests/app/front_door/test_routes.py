"""Anybody finds a school, and reads what this is about in plain words."""

import pytest

from tests.browser import Browser
from tests.world import World


@pytest.fixture
def visitor(world: World) -> Browser:
    return world.visitor(world.domain)


def test_the_front_door_leads_to_schools_families_and_specialists(world: World, visitor: Browser) -> None:
    page = visitor.get("/").text
    assert f"https://family.{world.domain}/" in page
    assert 'action="/schools"' in page
    assert "/professionals" in page
    assert "/locality-send-support" in page


def test_part_of_a_name_finds_the_school_and_its_address(world: World, visitor: Browser) -> None:
    world.execute("update tenant set name = %s where id = %s", f"Larkrise {world.mark}", world.larkrise.id)
    page = visitor.get(f"/schools?words=%20rise%20%20{world.mark}").text
    assert f"https://{world.larkrise.host}/" in page
    assert "1 school found" in page
    assert world.thornbeck.name in page
    assert world.millbrook.slug not in page


def test_a_suspended_school_is_not_found(world: World, visitor: Browser) -> None:
    name = f"Fernhill {world.mark}"
    world.execute("update tenant set name = %s, status = 'suspended' where id = %s", name, world.larkrise.id)
    assert "No school found" in visitor.get(f"/schools?words={name}").text


def test_localities_and_agencies_are_no_schools(world: World, visitor: Browser) -> None:
    for one in (world.thornbeck, world.ashmere):
        world.execute("update tenant set name = %s where id = %s", f"Other {world.mark}", one.id)
    assert "No school found" in visitor.get(f"/schools?words=other {world.mark}").text


def test_too_little_to_go_by_is_explained(visitor: Browser) -> None:
    page = visitor.get("/schools?words=la").text
    assert "<title>Error: Find your school" in page
    assert page.count("Enter at least 3 letters") == 2
    assert 'value="la"' in page
    assert "Enter at least 3 letters" not in visitor.get("/schools").text


def test_what_was_typed_is_shown_as_text(visitor: Browser) -> None:
    page = visitor.get("/schools", query_string={"words": "<b>school</b>"}).text
    assert "&lt;b&gt;school" in page
    assert "<b>school" not in page


def test_long_lists_say_that_there_may_be_more(world: World, visitor: Browser) -> None:
    for number in range(21):
        slug = f"many-{number}-{world.mark}"
        world.insert("tenant", kind="school", slug=slug, name=f"Many {world.mark} {number}")
    page = visitor.get(f"/schools?words=many {world.mark}").text
    assert "20 schools found" in page
    assert "There may be more" in page


def test_the_explanation_says_that_rights_stay_the_same(visitor: Browser) -> None:
    page = visitor.get("/locality-send-support").text
    assert "at any time" in page
    assert "Nothing is sent until they agree" in page


def test_specialists_read_that_they_need_no_account(visitor: Browser) -> None:
    assert "You do not need an account" in visitor.get("/professionals").text


def test_the_front_door_has_no_pages_of_a_school(world: World, visitor: Browser) -> None:
    assert visitor.get("/messages").status_code == 404
    assert world.visitor(world.larkrise.host).get("/locality-send-support").status_code == 404
