"""Staff sign in: a password, a second factor, and nothing told to strangers."""

import statistics
import time

import pytest

from tests.builders.accounts import Visitor, code_now, knock, sign_in, with_password
from tests.world import World


def test_a_password_and_a_code_lead_to_where_they_wanted_to_go(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    asked = visitor.get(f"/pupils/{world.amara.id}")
    assert asked.status_code == 303
    visitor.follow(asked)
    page = visitor.follow(visitor.post("/sign-in", {"email": world.sendco.email, "password": password}))
    assert "Enter the code from your app" in page.text
    response = visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)})
    assert response.location == f"/pupils/{world.amara.id}"
    assert "Amara" in visitor.follow(response).text


def test_a_locality_signs_in_by_the_same_door(world: World) -> None:
    visitor = sign_in(world, world.clerk, *with_password(world, world.clerk))
    assert visitor.get("/staff").status_code == 200


def test_a_wrong_password_keeps_the_address_and_not_the_password(world: World) -> None:
    with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    visitor.get("/sign-in")
    response = visitor.post("/sign-in", {"email": world.sendco.email, "password": "never this one"})
    assert response.status_code == 422
    assert "One of them is not right" in response.text
    assert world.sendco.email in response.text
    assert "never this one" not in response.text


@pytest.mark.parametrize("email", ["", "nobody"])
def test_empty_answers_are_explained(world: World, email: str) -> None:
    status, page = knock(Visitor(world, world.larkrise.host), email, "")
    assert status == 422
    assert "Enter your password" in page


def test_a_stranger_a_leaver_and_a_wrong_password_look_alike(world: World) -> None:
    for who in (world.sendco, world.teacher, world.other_sendco):
        with_password(world, who)
    world.execute("update membership set status = 'ended' where person_id = %s", world.teacher.id)
    strangers = [
        world.sendco.email,
        world.teacher.email,
        world.other_sendco.email,
        world.head.email,
        "nobody@x.example",
    ]
    answers = {knock(Visitor(world, world.larkrise.host), email, "wrong wrong") for email in strangers}
    assert len(answers) == 1


def test_strangers_wait_as_long_as_those_we_know(world: World) -> None:
    with_password(world, world.sendco)
    known: list[float] = []
    unknown: list[float] = []
    visitor = Visitor(world, world.larkrise.host)
    visitor.get("/sign-in")
    for number in range(9):
        for times, email in ((known, world.sendco.email), (unknown, f"nobody{number}@x.example")):
            started = time.process_time()
            assert visitor.post("/sign-in", {"email": email, "password": "wrong"}).status_code == 422
            times.append(time.process_time() - started)
    # Time of this process, whatever else the machine does. The hash is most of it: if strangers were spared it, they would be answered in a third of the time.
    assert 0.6 < statistics.median(unknown) / statistics.median(known) < 1.6


def test_the_right_password_of_somebody_who_works_elsewhere_is_no_key(world: World) -> None:
    password, _ = with_password(world, world.other_sendco)
    assert knock(Visitor(world, world.larkrise.host), world.other_sendco.email, password)[0] == 422
    assert knock(Visitor(world, world.millbrook.host), world.other_sendco.email, password)[0] == 303


@pytest.mark.parametrize(
    "sealed", ["//evil.example", "https://evil.example", "\\\\evil.example", "/\t/evil", "x"]
)
def test_nobody_is_led_away_after_signing_in(world: World, sealed: str) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    visitor.get("/sign-in", query_string={"next": sealed})
    visitor.follow(visitor.post("/sign-in", {"email": world.sendco.email, "password": password}))
    response = visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)})
    assert response.location == "/"
