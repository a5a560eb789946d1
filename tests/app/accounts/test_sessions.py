"""Where I am signed in, and ending it."""

import re

from app.accounts.devices import device_of
from tests.builders.accounts import sign_in, with_password
from tests.world import World

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


def test_my_sessions_here_are_listed_with_their_device(world: World) -> None:
    visitor = sign_in(world, world.sendco, *with_password(world, world.sendco))
    other = world.browser(world.sendco)
    world.browser(world.conflicted_member)
    world.browser(world.teacher)
    page = visitor.get("/sessions").text
    assert "A browser (this device)" in page
    assert page.count("Last used") == 2
    assert len(re.findall(r"/sessions/[0-9a-f-]{36}/removal", page)) == 1
    assert other.get("/sessions").status_code == 200


def test_one_other_session_can_be_ended(world: World) -> None:
    mine, other = world.browser(world.sendco), world.browser(world.sendco)
    path = re.search(r"/sessions/[0-9a-f-]{36}/removal", mine.get("/sessions").text)
    assert path
    assert mine.post(path[0]).status_code == 303
    assert other.get("/sessions").status_code == 303
    assert mine.get("/sessions").status_code == 200
    assert mine.post(path[0]).status_code == 404


def test_all_others_can_be_ended_at_once(world: World) -> None:
    mine, *others = (world.browser(world.sendco) for _ in range(3))
    panel = world.browser(world.conflicted_member)
    mine.get("/sessions")
    assert mine.post("/sessions/removal").status_code == 303
    assert [browser.get("/sessions").status_code for browser in others] == [303, 303]
    assert mine.get("/sessions").status_code == 200
    assert panel.get("/sessions").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(world: World) -> None:
    theirs = world.browser(world.teacher)
    key = world.scalar("select id from session where person_id = %s", world.teacher.id)
    mine = world.browser(world.sendco)
    mine.get("/sessions")
    assert mine.post(f"/sessions/{key}/removal").status_code == 404
    assert theirs.get("/sessions").status_code == 200


def test_a_family_ends_its_sessions_too(world: World) -> None:
    mine, other = world.browser(world.mother), world.browser(world.mother)
    mine.get("/sessions")
    mine.post("/sessions/removal")
    assert other.get("/sessions").status_code == 303


def test_a_device_is_named_as_people_name_it() -> None:
    assert device_of(CHROME) == "Chrome on Windows"
    assert device_of(IPHONE) == "Safari on iPhone"
    assert device_of("") == "A browser"
