"""Families sign in with a code by mail, and nothing is told to those who are not let in."""

import re

import pytest

from tests.builders.accounts import Visitor
from tests.builders.family_codes import HOST, ask, enter, mailed_codes
from tests.mailbox import text_of
from tests.world import Somebody, World


def test_a_code_by_mail_opens_a_family_session_of_four_hours(world: World) -> None:
    visitor = ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    assert enter(visitor, f" {code[:3]} - {code[3:]} ") == 303
    assert visitor.get("/sessions").status_code == 200
    row = world.rows(
        "select audience, tenant_id, expires_at - created_at from session where person_id = %s",
        world.mother.id,
    )
    assert [(r[0], r[1], r[2].total_seconds()) for r in row] == [("family", None, 4 * 3600)]


def test_the_mail_says_where_it_belongs_and_names_no_child(world: World) -> None:
    ask(world, world.mother.email)
    world.run_errands()
    (mail,) = world.mails()
    html = mail.get_body(("html",)).get_content()
    for body in (text_of(mail), html):
        assert HOST in body
        assert not any(name in body for name in ("Amara", "Noor", "Okonjo"))
    assert str(mail["Message-ID"]).startswith("<")


def test_a_stranger_sees_the_same_pages_and_gets_no_mail(world: World) -> None:
    stories = []
    for email in (world.mother.email, f"nobody.{world.mark}@home.example"):
        visitor = Visitor(world, HOST)
        story = [ask(world, email, visitor).get("/sign-in/code").text for _ in range(5)]
        story += [visitor.post("/sign-in/code", {"code": "12"}).text for _ in range(7)]
        stories.append([re.sub(r'value="[^"]*"', "", page).replace(email, "EMAIL") for page in story])
    assert stories[0] == stories[1]
    assert len(mailed_codes(world)) == 3


@pytest.mark.parametrize("status", ["barred", "restricted"])
def test_a_parent_who_was_barred_signs_in_as_before_and_finds_nothing_that_tells(
    world: World, status: str
) -> None:
    """The page is the one that anybody sees who has no child here now. A mail that stays away would be a hint."""
    world.execute(
        "update guardianship set confirmed_at = now(), status = %s where person_id = %s",
        status,
        world.barred.id,
    )
    stories = []
    for who in (world.other_mother, world.barred):
        visitor = ask(world, who.email)
        code = mailed_codes(world)[-1]
        assert enter(visitor, code) == 303
        words = text_of(world.mails()[-1]).replace(code, "CODE")
        stories.append(re.sub(r"\d\d:\d\d", "TIME", words))
    assert stories[0] == stories[1]
    home = visitor.get("/").text
    assert "There are no children to show here" in home
    assert not [word for word in ("Idris", "Larkrise", "barred", "restricted") if word in home]
    assert visitor.get(f"/children/{world.barred.links['idris']}").status_code == 404
    assert "Idris" in world.browser(world.other_mother).get("/").text


@pytest.mark.parametrize("who", ["barred", "sendco"])
def test_nobody_gets_a_code_who_was_never_let_in_to_a_child(world: World, who: str) -> None:
    """The father here was kept out before anybody had looked at him: he never had a code, and has none now."""
    somebody: Somebody = getattr(world, who)
    ask(world, somebody.email)
    assert mailed_codes(world) == []


def test_no_code_comes_through_a_suspended_school(world: World) -> None:
    world.execute("update tenant set status = 'suspended' where id = %s", world.larkrise.id)
    ask(world, world.father.email)
    ask(world, world.mother.email)
    assert len(mailed_codes(world)) == 1


@pytest.mark.parametrize(
    ("email", "sentence"), [("", "Enter an e-mail address"), ("chika", "like name@school.example")]
)
def test_a_missing_address_is_explained_and_kept(world: World, email: str, sentence: str) -> None:
    visitor = Visitor(world, HOST)
    visitor.get("/sign-in")
    response = visitor.post("/sign-in", {"email": email})
    assert response.status_code == 422
    assert sentence in response.text


def test_without_asking_first_there_is_no_code_page(world: World) -> None:
    visitor = Visitor(world, HOST)
    assert visitor.get("/sign-in/code").location == "/sign-in"


def test_a_family_session_opens_no_staff_page_and_no_staff_session_a_family_page(world: World) -> None:
    visitor = ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    enter(visitor, code)
    school = Visitor(world, world.larkrise.host)
    school.client.set_cookie("__Host-session", str(visitor.session), domain=school.host, secure=True)
    assert school.get("/sessions").status_code == 303
