"""Families sign in with a code by mail."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts import codes
from app.kernel.access import Audience
from tests.builders.accounts import Visitor
from tests.mailbox import text_of
from tests.services import DOMAIN
from tests.world import Somebody, World

HOST = f"family.{DOMAIN}"


def ask(world: World, email: str, visitor: Visitor | None = None) -> Visitor:
    visitor = visitor or Visitor(world, HOST)
    visitor.get("/sign-in")
    page = visitor.follow(visitor.post("/sign-in", {"email": email}))
    assert "Enter the code from your e-mail" in page.text
    return visitor


def mailed_codes(world: World) -> list[str]:
    world.run_errands()
    found = [re.search(r"Your code is (\d{6})", text_of(mail)) for mail in world.mails()]
    return [match[1] for match in found if match]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def enter(visitor: Visitor, code: str) -> int:
    return visitor.post("/sign-in/code", {"code": code}).status_code


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


def test_a_code_works_once(world: World) -> None:
    visitor = ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    assert enter(visitor, code) == 303
    code_id = world.scalar("select id from email_code where person_id = %s", world.mother.id)
    with world.database.hosts.apps[Audience.FAMILY].app_context():
        assert codes.use(codes.FAMILY, code_id, code).outcome == "over"


@pytest.mark.parametrize("wrong_tries", [4, 5])
def test_five_wrong_tries_close_a_code_even_for_the_right_one(world: World, wrong_tries: int) -> None:
    visitor = ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    assert [enter(visitor, wrong(code)) for _ in range(wrong_tries)] == [422] * wrong_tries
    assert enter(visitor, code) == (303 if wrong_tries == 4 else 429)


def test_five_tries_at_the_same_moment_are_five(world: World) -> None:
    ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    code_id = world.scalar("select id from email_code where person_id = %s", world.mother.id)
    app = world.database.hosts.apps[Audience.FAMILY]

    def attempt(_: int) -> str:
        with app.app_context():
            return codes.use(codes.FAMILY, code_id, wrong(code)).outcome

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(12)))
    assert sorted(outcomes) == ["spent"] * 7 + ["wrong"] * 5


def test_a_code_runs_out_after_ten_minutes(world: World) -> None:
    visitor = ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    query = "select expires_at - created_at from email_code where person_id = %s"
    assert world.scalar(query, world.mother.id).total_seconds() == 600
    world.execute("update email_code set expires_at = now() where person_id = %s", world.mother.id)
    response = visitor.post("/sign-in/code", {"code": code})
    assert response.status_code == 422
    assert "This code no longer works" in response.text


def test_the_code_of_another_purpose_is_refused(world: World) -> None:
    ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    code_id = world.scalar("select id from email_code where person_id = %s", world.mother.id)
    with world.database.hosts.apps[Audience.FAMILY].app_context():
        assert codes.use(codes.AGENCY, code_id, code).outcome == "over"
        assert codes.fingerprint(codes.AGENCY, code) != codes.fingerprint(codes.FAMILY, code)
        assert codes.use(codes.FAMILY, code_id, code).outcome == "right"


def test_somebody_elses_code_is_refused(world: World) -> None:
    ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    visitor = ask(world, world.father.email)
    assert enter(visitor, code) == 422
    assert visitor.session is None


def test_three_mails_an_hour_and_any_of_them_works(world: World) -> None:
    visitor = Visitor(world, HOST)
    for _ in range(5):
        ask(world, world.mother.email, visitor)
    page = visitor.get("/sign-in/code").text
    assert "You have asked for 3 codes in the last hour" in page
    sent = mailed_codes(world)
    assert len(sent) == 3
    assert enter(visitor, sent[0]) == 303


def test_a_stranger_sees_the_same_pages_and_gets_no_mail(world: World) -> None:
    stories = []
    for email in (world.mother.email, f"nobody.{world.mark}@home.example"):
        visitor = Visitor(world, HOST)
        story = [ask(world, email, visitor).get("/sign-in/code").text for _ in range(5)]
        story += [visitor.post("/sign-in/code", {"code": "12"}).text for _ in range(7)]
        stories.append([re.sub(r'value="[^"]*"', "", page).replace(email, "EMAIL") for page in story])
    assert stories[0] == stories[1]
    assert len(mailed_codes(world)) == 3


@pytest.mark.parametrize("who", ["barred", "sendco"])
def test_only_a_person_with_an_active_link_to_a_child_gets_a_code(world: World, who: str) -> None:
    somebody: Somebody = getattr(world, who)
    ask(world, somebody.email)
    assert mailed_codes(world) == []


def test_no_code_comes_through_a_suspended_school(world: World) -> None:
    world.execute("update tenant set status = 'suspended' where id = %s", world.larkrise.id)
    ask(world, world.father.email)
    ask(world, world.mother.email)
    assert len(mailed_codes(world)) == 1


def test_a_code_that_has_run_out_before_the_post_went_is_not_sent(world: World) -> None:
    ask(world, world.mother.email)
    world.execute("update email_code set expires_at = now() where person_id = %s", world.mother.id)
    assert mailed_codes(world) == []


def test_the_code_itself_is_stored_nowhere(world: World) -> None:
    ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    row = world.scalar("select row_to_json(c)::text from email_code c where person_id = %s", world.mother.id)
    payload = world.scalar(
        "select payload::text from outbox_entry where kind = 'CodeAsked' and person_id = %s", world.mother.id
    )
    assert code not in row + payload


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
