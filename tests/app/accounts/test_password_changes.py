"""A new password for somebody who is signed in: the current one first, and every other session ends."""

import pytest

from tests.app.accounts.test_invitations import link_in
from tests.builders.accounts import Visitor, give_password, sign_in, with_password
from tests.mailbox import text_of
from tests.world import Somebody, World

NEW = "nine slow herons"


def change(visitor: Visitor, current: str, new: str = NEW) -> tuple[int, str]:
    visitor.get("/password-changes/new")
    response = visitor.post("/password-changes", {"current_password": current, "password": new})
    return response.status_code, response.text


def signs_in(world: World, who: Somebody, password: str, address: str | None = None) -> bool:
    assert who.at is not None
    visitor = Visitor(world, who.at.host, address)
    visitor.get("/sign-in")
    return visitor.post("/sign-in", {"email": who.email, "password": password}).status_code == 303


@pytest.mark.parametrize("who", ["sendco", "clerk"])
def test_the_new_password_counts_at_once_here_and_elsewhere(world: World, who: str) -> None:
    """At a school and at a locality. The SENDCO also sits on the panel, with the same password."""
    somebody: Somebody = getattr(world, who)
    password, secret = with_password(world, somebody)
    visitor = sign_in(world, somebody, password, secret)
    assert "/password-changes/new" in visitor.get("/sessions").text
    visitor.get("/password-changes/new")
    done = visitor.post("/password-changes", {"current_password": password, "password": NEW})
    assert done.location == "/sessions"
    assert "Your password is changed" in visitor.follow(done).text
    assert not signs_in(world, somebody, password)
    assert signs_in(world, somebody, NEW)
    if who == "sendco":
        assert signs_in(world, world.conflicted_member, NEW)


def test_every_other_session_ends_and_this_one_goes_on(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = sign_in(world, world.sendco, password, secret)
    here, at_the_panel = world.browser(world.sendco), world.browser(world.conflicted_member)
    colleague = world.browser(world.teacher)
    half = Visitor(world, world.larkrise.host)
    give_password(half, world.sendco, password)
    assert change(visitor, password)[0] == 303
    assert [browser.get("/sessions").status_code for browser in (here, at_the_panel)] == [303, 303]
    assert half.get("/sign-in/code").location == "/sign-in?again=1"
    assert visitor.get("/sessions").status_code == 200
    assert colleague.get("/sessions").status_code == 200


def test_the_person_is_told_by_mail_and_no_page_or_row_shows_the_password(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = sign_in(world, world.sendco, password, secret)
    change(visitor, password)
    world.run_errands()
    (mail,) = world.mails()
    assert mail["To"] == world.sendco.email
    assert "Your password was changed" in mail["Subject"]
    assert world.larkrise.host in text_of(mail)
    stored = world.scalar("select password_hash from credential where person_id = %s", world.sendco.id)
    assert stored.startswith("$argon2id$")
    assert "idempotency_key" not in visitor.get("/password-changes/new").text


def test_a_link_for_a_new_password_that_lies_in_the_mailbox_is_closed(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = sign_in(world, world.sendco, password, secret)
    visitor.get("/password-resets/new")
    visitor.post("/password-resets", {"email": world.sendco.email})
    world.run_errands()
    link = link_in(text_of(world.mails()[0]))
    assert visitor.get(link).status_code == 200
    change(visitor, password)
    assert visitor.get(link).status_code == 410


def test_a_wrong_current_password_changes_nothing_and_is_explained(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = sign_in(world, world.sendco, password, secret)
    other = world.browser(world.sendco)
    status, page = change(visitor, "never this one")
    assert status == 422
    assert "That is not your current password" in page
    assert "never this one" not in page
    assert NEW not in page
    assert other.get("/sessions").status_code == 200
    assert signs_in(world, world.sendco, password)
    assert not signs_in(world, world.sendco, NEW)


def test_guessing_the_current_password_is_counted_with_the_tries_at_the_sign_in_page(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = sign_in(world, world.sendco, password, secret)
    for number in range(4):
        assert not signs_in(world, world.sendco, f"guess {number}", visitor.address)
    assert [change(visitor, f"guess {number}")[0] for number in range(7)] == [422] * 6 + [429]
    status, page = change(visitor, password)
    assert status == 429
    assert "Wait an hour, then try again" in page
    assert not signs_in(world, world.sendco, password, visitor.address)


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("", "Enter a new password"),
        ("short", "must be 8 characters or more"),
        ("password1", "harder to guess"),
        ("PriyaNair1", "must not be your own name"),
        (None, "must be different from your current one"),
    ],
)
def test_a_poor_new_password_is_refused_by_the_same_rules(
    world: World, new: str | None, sentence: str
) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = sign_in(world, world.sendco, password, secret)
    status, page = change(visitor, password, password if new is None else new)
    assert status == 422
    assert sentence in page
    assert signs_in(world, world.sendco, password)


def test_without_the_current_password_nothing_is_asked_of_the_database(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = sign_in(world, world.sendco, password, secret)
    status, page = change(visitor, "")
    assert status == 422
    assert "Enter your current password" in page


def test_without_a_session_there_is_no_page_and_a_family_has_none_at_all(world: World) -> None:
    visitor = Visitor(world, world.larkrise.host)
    visitor.follow(visitor.get("/password-changes/new"))
    assert visitor.post("/password-changes", {"current_password": "x", "password": NEW}).status_code == 303
    family = world.browser(world.mother)
    assert family.get("/password-changes/new").status_code == 404
    assert "/password-changes" not in family.get("/sessions").text


def test_a_session_of_another_school_changes_nothing_here(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    visitor = sign_in(world, world.sendco, password, secret)
    other = Visitor(world, world.millbrook.host)
    other.client.set_cookie("__Host-session", str(visitor.session), domain=other.host, secure=True)
    other.follow(other.get("/password-changes/new"))
    answer = other.post("/password-changes", {"current_password": password, "password": NEW})
    assert answer.location.startswith("/sign-in")
    assert signs_in(world, world.sendco, password)
