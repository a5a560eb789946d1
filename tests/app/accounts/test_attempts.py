"""Guessing is counted in PostgreSQL, and those who know are not counted."""

from tests.builders.accounts import Visitor, code_now, give_password, knock, network, with_password
from tests.world import World


def test_guessing_at_one_account_is_stopped_after_ten_tries(world: World) -> None:
    password, _ = with_password(world, world.sendco)
    guesser = network()
    statuses = [
        knock(Visitor(world, world.larkrise.host, guesser), world.sendco.email, f"guess {number}")[0]
        for number in range(13)
    ]
    assert statuses == [422] * 10 + [429] * 3
    status, page = knock(Visitor(world, world.larkrise.host, guesser), world.sendco.email, password)
    assert status == 429
    assert "Wait an hour, then try again" in page
    hour_ago = "update attempt set started_at = now() - interval '61 minutes' where tries > 9"
    world.execute(hour_ago)
    assert knock(Visitor(world, world.larkrise.host, guesser), world.sendco.email, password)[0] == 303


def test_a_stranger_who_guesses_elsewhere_shuts_nobody_out(world: World) -> None:
    password, _ = with_password(world, world.sendco)
    guesser = network()
    for number in range(12):
        knock(Visitor(world, world.larkrise.host, guesser), world.sendco.email, f"guess {number}")
    assert knock(Visitor(world, world.larkrise.host), world.sendco.email, password)[0] == 303


def test_guessing_at_one_account_from_many_networks_is_stopped_too(world: World) -> None:
    password, _ = with_password(world, world.sendco)
    for _ in range(10):
        guesser = network()
        for number in range(10):
            knock(Visitor(world, world.larkrise.host, guesser), world.sendco.email, f"guess {number}")
    assert knock(Visitor(world, world.larkrise.host), world.sendco.email, password)[0] == 429


def test_strangers_are_counted_like_those_we_know(world: World) -> None:
    guesser = network()
    statuses = [
        knock(Visitor(world, world.larkrise.host, guesser), "nobody@counted.example" + world.mark, "guess")[0]
        for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_a_network_that_guesses_is_shut_out_and_shuts_out_nobody_else(world: World) -> None:
    password, _ = with_password(world, world.sendco)
    address = network()
    world.execute("update attempt set tries = 0")
    visitor = Visitor(world, world.larkrise.host, address)
    visitor.get("/sign-in")
    statuses = [
        visitor.post("/sign-in", {"email": f"n{number}@x.example", "password": "g"}).status_code
        for number in range(101)
    ]
    assert statuses == [422] * 100 + [429]
    neighbour = address.rsplit(".", 1)[0] + ".99"
    assert knock(Visitor(world, world.larkrise.host, neighbour), world.sendco.email, password)[0] == 429
    assert knock(Visitor(world, world.larkrise.host), world.sendco.email, password)[0] == 303


def test_those_who_know_their_password_are_not_counted(world: World) -> None:
    password, _ = with_password(world, world.sendco)
    address = network()
    for _ in range(12):
        assert knock(Visitor(world, world.larkrise.host, address), world.sendco.email, password)[0] == 303


def test_guessing_codes_is_stopped_after_ten_tries_even_for_the_right_one(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    give_password(visitor, world.sendco, password)
    wrong = "000000" if code_now(world, world.sendco, secret) != "000000" else "000001"
    statuses = [visitor.post("/sign-in/code", {"code": wrong}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)}).status_code == 429
