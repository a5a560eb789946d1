"""When a session begins, and everything that ends it."""

from tests.builders.accounts import Visitor, code_now, sign_in, with_password
from tests.world import World


def test_each_sign_in_makes_a_new_session_and_ends_the_one_before(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = Visitor(world, world.larkrise.host)
    planted = "a-token-that-somebody-else-knows-too"
    visitor.client.set_cookie("__Host-session", planted, domain=visitor.host, secure=True)
    tokens = [planted]
    for _ in range(2):
        world.execute("update credential set totp_last_step = 0 where person_id = %s", world.sendco.id)
        for page in ("/sign-in", "/about/help"):
            visitor.get(page)
        visitor.follow(visitor.post("/sign-in", {"email": world.sendco.email, "password": password}))
        assert (
            visitor.post("/sign-in/code", {"code": code_now(world, world.sendco, secret)}).status_code == 303
        )
        assert visitor.session
        tokens.append(visitor.session)
        visitor.get("/staff")
    assert len(set(tokens)) == 3
    assert (
        world.scalar(
            "select count(*) from session where person_id = %s and ended_at is null", world.sendco.id
        )
        == 1
    )


def test_the_cookie_of_another_host_is_no_cookie(world: World) -> None:
    visitor = sign_in(world, world.sendco, *with_password(world, world.sendco))
    assert visitor.get("/sessions").status_code == 200
    for host in (world.millbrook.host, world.thornbeck.host):
        other = Visitor(world, host)
        other.client.set_cookie("__Host-session", str(visitor.session), domain=host, secure=True)
        assert other.get("/sessions").status_code == 303


def test_signing_out_ends_the_session_itself(world: World) -> None:
    visitor = sign_in(world, world.sendco, *with_password(world, world.sendco))
    token = str(visitor.session)
    visitor.get("/sessions")
    assert visitor.post("/sign-out").status_code == 303
    assert visitor.session is None
    visitor.client.set_cookie("__Host-session", token, domain=visitor.host, secure=True)
    assert visitor.get("/sessions").status_code == 303


def test_a_session_lasts_twelve_hours_at_most(world: World) -> None:
    sign_in(world, world.sendco, *with_password(world, world.sendco))
    query = "select expires_at - created_at from session where person_id = %s"
    assert world.scalar(query, world.sendco.id).total_seconds() == 12 * 3600


def test_an_ended_membership_ends_the_session_with_the_next_request(world: World) -> None:
    visitor = sign_in(world, world.teacher, *with_password(world, world.teacher))
    assert visitor.get("/sessions").status_code == 200
    world.execute("update membership set status = 'ended' where person_id = %s", world.teacher.id)
    assert visitor.get("/sessions").status_code == 303
    world.execute("update membership set status = 'active' where person_id = %s", world.teacher.id)
    assert visitor.get("/sessions").status_code == 303


def test_a_suspended_organisation_has_no_sign_in_and_no_sessions(world: World) -> None:
    password, secret = with_password(world, world.teacher)
    visitor = sign_in(world, world.teacher, password, secret)
    world.execute("update tenant set status = 'suspended' where id = %s", world.larkrise.id)
    assert visitor.get("/sessions").status_code == 404
    assert Visitor(world, world.larkrise.host).get("/sign-in").status_code == 404
