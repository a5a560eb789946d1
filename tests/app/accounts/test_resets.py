"""A forgotten password: a link by mail, good for half an hour and one new password."""

import re

import pytest

from tests.app.accounts.test_invitations import link_in
from tests.builders.accounts import Visitor, give_password, sign_in, with_password
from tests.mailbox import text_of
from tests.world import World

NEW = "nine slow herons"


def ask(world: World, email: str, host: str | None = None, address: str | None = None) -> str:
    visitor = Visitor(world, host or world.larkrise.host, address)
    visitor.get("/password-resets/new")
    return re.sub(
        r'value="[^"]*"', "", visitor.follow(visitor.post("/password-resets", {"email": email})).text
    )


def mailed(world: World) -> list[str]:
    world.run_errands()
    return [text_of(mail) for mail in world.mails()]


def test_a_link_by_mail_sets_a_new_password_ends_sessions_and_the_person_is_told(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    held = sign_in(world, world.sendco, password, secret)
    elsewhere = world.browser(world.conflicted_member)
    assert elsewhere.get("/sessions").status_code == 200
    ask(world, world.sendco.email.upper())
    (mail,) = mailed(world)
    assert f"https://{world.larkrise.host}/password-resets/" in mail
    visitor = Visitor(world, world.larkrise.host)
    for _ in range(20):
        assert visitor.get(link_in(mail)).status_code == 200
    page = visitor.follow(visitor.post(link_in(mail), {"password": NEW}))
    assert "Your password is changed" in page.text
    for browser in (held, elsewhere):
        assert browser.get("/sessions").status_code == 303
    assert visitor.get(link_in(mail)).status_code == 410
    assert visitor.post(link_in(mail), {"password": NEW}).status_code == 410
    assert "Your password was changed" in mailed(world)[-1]
    stale = Visitor(world, world.larkrise.host)
    stale.get("/sign-in")
    assert stale.post("/sign-in", {"email": world.sendco.email, "password": password}).status_code == 422
    assert "Enter the code" in give_password(Visitor(world, world.larkrise.host), world.sendco, NEW).text


def test_a_reset_needs_the_phone_as_before(world: World) -> None:
    with_password(world, world.sendco)
    ask(world, world.sendco.email)
    (mail,) = mailed(world)
    visitor = Visitor(world, world.larkrise.host)
    visitor.get(link_in(mail))
    visitor.post(link_in(mail), {"password": NEW})
    assert visitor.session is None


def test_a_poor_password_uses_nothing_up(world: World) -> None:
    with_password(world, world.sendco)
    ask(world, world.sendco.email)
    (mail,) = mailed(world)
    visitor = Visitor(world, world.larkrise.host)
    visitor.get(link_in(mail))
    assert visitor.post(link_in(mail), {"password": "priyanair99"}).status_code == 422
    assert visitor.get(link_in(mail)).status_code == 200


def test_a_link_runs_out_after_half_an_hour(world: World) -> None:
    with_password(world, world.sendco)
    ask(world, world.sendco.email)
    (mail,) = mailed(world)
    lasts = world.scalar(
        "select expires_at - created_at from password_reset where person_id = %s", world.sendco.id
    )
    assert lasts.total_seconds() == 1800
    world.execute("update password_reset set expires_at = now() where person_id = %s", world.sendco.id)
    assert Visitor(world, world.larkrise.host).get(link_in(mail)).status_code == 410


def test_a_link_works_at_its_own_address_only(world: World) -> None:
    with_password(world, world.sendco)
    ask(world, world.sendco.email)
    (mail,) = mailed(world)
    assert Visitor(world, world.millbrook.host).get(link_in(mail)).status_code == 404


def test_using_one_link_closes_the_others(world: World) -> None:
    with_password(world, world.sendco)
    for _ in range(2):
        ask(world, world.sendco.email)
    first, second = mailed(world)
    visitor = Visitor(world, world.larkrise.host)
    visitor.get(link_in(first))
    visitor.post(link_in(first), {"password": NEW})
    assert visitor.get(link_in(second)).status_code == 410


def test_three_mails_an_hour_for_one_network_and_fifteen_in_all(world: World) -> None:
    with_password(world, world.sendco)
    assert len({ask(world, world.sendco.email, address="10.9.8.7") for _ in range(5)}) == 1
    assert len(mailed(world)) == 3
    ask(world, world.sendco.email)
    assert len(mailed(world)) == 4
    for _ in range(16):
        ask(world, world.sendco.email)
    assert len(mailed(world)) == 15


@pytest.mark.parametrize("who", ["other_sendco", "teacher"])
def test_a_stranger_sees_the_same_page_and_gets_no_mail(world: World, who: str) -> None:
    """One works at another school, the other has never chosen a password."""
    with_password(world, world.sendco)
    with_password(world, world.other_sendco)
    pages = {
        ask(world, email) for email in (world.sendco.email, getattr(world, who).email, "nobody@x.example")
    }
    assert len(pages) == 1
    assert len(mailed(world)) == 1
