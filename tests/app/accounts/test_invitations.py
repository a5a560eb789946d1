"""An invitation: opened as often as one likes, used up by one answer, cancelled, sent again, run out."""

import re

import pytest

from tests.browser import Browser
from tests.builders.accounts import Visitor, code_now, with_password
from tests.mailbox import mails_for, text_of
from tests.world import Somebody, World

PASSWORD = "seven quiet otters"


def newcomer(world: World) -> dict[str, object]:
    return {
        "name": "Maud Ellery",
        "email": f"Maud.Ellery@{world.larkrise.slug}.example",
        "roles": ["sendco", "dsl"],
    }


def invite(world: World, answers: dict[str, object] | None = None, by: Somebody | None = None) -> Browser:
    browser = world.browser(by or world.admin)
    browser.get("/staff/new")
    assert browser.post("/staff", answers or newcomer(world)).status_code == 303
    return browser


def mails_to(world: World, email: object) -> list[str]:
    import os

    world.run_errands()
    return [text_of(mail) for mail in mails_for(os.environ["MAIL_FOLDER"], {str(email).lower()})]


def link_in(mail: str) -> str:
    found = re.search(r"https://\S+?(/(?:invitations|password-resets)/\S+)", mail)
    assert found, mail
    return found[1]


def membership_of(world: World, email: object) -> object:
    query = "select m.status from membership m join person p on p.id = m.person_id where p.email = %s and m.tenant_id = %s"
    return world.scalar(query, str(email).lower(), world.larkrise.id)


def test_a_newcomer_chooses_a_password_sets_up_a_phone_and_is_in(world: World) -> None:
    invite(world)
    email = newcomer(world)["email"]
    (mail,) = mails_to(world, email)
    assert f"https://{world.larkrise.host}/invitations/" in mail
    visitor = Visitor(world, world.larkrise.host)
    page = visitor.get(link_in(mail))
    assert "SENDCO, Safeguarding lead" in page.text
    answer = visitor.post(link_in(mail), {"password": PASSWORD})
    page = visitor.follow(visitor.follow(answer))
    key = re.search(r"<strong>([A-Z2-7 ]{20,})</strong>", page.text)
    assert key
    who = Somebody(
        world.scalar("select id from person where email = %s", str(email).lower()), "Maud Ellery", str(email)
    )
    shown = visitor.post("/sign-in/second-factor", {"code": code_now(world, who, key[1].replace(" ", ""))})
    assert "Keep your recovery codes" in shown.text
    assert visitor.get("/sessions").status_code == 200
    assert membership_of(world, email) == "active"
    assert visitor.get(link_in(mail)).status_code == 410


def test_opening_the_link_twenty_times_changes_nothing(world: World) -> None:
    invite(world)
    email = newcomer(world)["email"]
    (mail,) = mails_to(world, email)
    before = world.rows("select * from invitation where tenant_id = %s", world.larkrise.id)
    for _ in range(10):
        visitor = Visitor(world, world.larkrise.host)
        assert visitor.get(link_in(mail)).status_code == 200
        assert visitor.client.head(link_in(mail), base_url=f"https://{visitor.host}").status_code == 200
    assert world.rows("select * from invitation where tenant_id = %s", world.larkrise.id) == before
    assert membership_of(world, email) == "invited"


def test_a_robot_that_sends_the_empty_form_changes_nothing(world: World) -> None:
    invite(world)
    (mail,) = mails_to(world, newcomer(world)["email"])
    visitor = Visitor(world, world.larkrise.host)
    visitor.get(link_in(mail))
    response = visitor.post(link_in(mail), {"password": ""})
    assert response.status_code == 422
    assert "Enter a password" in response.text
    assert visitor.get(link_in(mail)).status_code == 200


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short 7", "must be 8 characters or more"),
        ("MaudEllery2026", "must not be your own name"),
        ("maud.ellery!", "must not be your own name"),
        ("Password123!", "harder to guess"),
        ("12345678", "harder to guess"),
        ("x" * 257, "must be 256 characters or fewer"),
    ],
)
def test_a_poor_password_is_refused_with_what_to_do_and_never_shown(
    world: World, password: str, sentence: str
) -> None:
    invite(world)
    (mail,) = mails_to(world, newcomer(world)["email"])
    visitor = Visitor(world, world.larkrise.host)
    visitor.get(link_in(mail))
    response = visitor.post(link_in(mail), {"password": password})
    assert response.status_code == 422
    assert sentence in response.text
    assert password not in response.text


@pytest.mark.parametrize("password", ["x kq v z" * 25, "łąka nad rzeką", "🦦🦦🦦🦦🦦🦦🦦🦦", "aaaa bbbb"])
def test_long_and_foreign_and_plain_passwords_are_fine(world: World, password: str) -> None:
    invite(world)
    (mail,) = mails_to(world, newcomer(world)["email"])
    visitor = Visitor(world, world.larkrise.host)
    visitor.get(link_in(mail))
    assert visitor.post(link_in(mail), {"password": password}).status_code == 303


def test_somebody_known_elsewhere_keeps_one_account_and_proves_it(world: World) -> None:
    password, secret = with_password(world, world.other_sendco)
    invite(world, {"name": "Dan O", "email": world.other_sendco.email.upper(), "roles": ["class_teacher"]})
    (mail,) = mails_to(world, world.other_sendco.email)
    visitor = Visitor(world, world.larkrise.host)
    page = visitor.get(link_in(mail))
    assert "You have an account with us already" in page.text
    assert visitor.post(link_in(mail), {"password": "not this one"}).status_code == 422
    visitor.follow(visitor.post(link_in(mail), {"password": password}))
    response = visitor.post("/sign-in/code", {"code": code_now(world, world.other_sendco, secret)})
    assert response.status_code == 303
    assert world.scalar("select count(*) from person where email = %s", world.other_sendco.email) == 1
    assert world.scalar("select name from person where id = %s", world.other_sendco.id) == "Daniel Osei"
    assert membership_of(world, world.other_sendco.email) == "active"


def test_an_invitation_never_sets_the_password_of_an_account(world: World) -> None:
    """Two schools invite the same newcomer: the second link no longer chooses a password."""
    invite(world)
    answers = {**newcomer(world), "roles": ["sendco"]}
    invite(world, answers, by=world.other_admin)
    first, second = mails_to(world, answers["email"])
    for mail, host in ((first, world.larkrise.host), (second, world.millbrook.host)):
        visitor = Visitor(world, host)
        visitor.get(link_in(mail))
        response = visitor.post(
            link_in(mail), {"password": PASSWORD if host == world.larkrise.host else "another one"}
        )
        assert response.status_code == (303 if host == world.larkrise.host else 422)


def test_a_link_works_at_its_own_address_only(world: World) -> None:
    invite(world)
    (mail,) = mails_to(world, newcomer(world)["email"])
    assert Visitor(world, world.millbrook.host).get(link_in(mail)).status_code == 404
    assert Visitor(world, world.larkrise.host).get("/invitations/" + "x" * 43).status_code == 404


def test_after_seven_days_the_link_is_closed_and_sent_again_it_works(world: World) -> None:
    browser = invite(world)
    email = newcomer(world)["email"]
    (mail,) = mails_to(world, email)
    who = world.scalar("select id from person where email = %s", str(email).lower())
    lasts = world.scalar("select expires_at - created_at from invitation where person_id = %s", who)
    assert round(lasts.total_seconds()) == 7 * 24 * 3600
    world.execute("update invitation set expires_at = now() where person_id = %s", who)
    visitor = Visitor(world, world.larkrise.host)
    assert visitor.get(link_in(mail)).status_code == 410
    membership = world.scalar("select id from membership where person_id = %s", who)
    assert "Send it again" in browser.get(f"/staff/{membership}").text
    assert browser.post(f"/staff/{membership}/invitation").status_code == 303
    mails = mails_to(world, email)
    assert len(mails) == 2
    for mail in mails:
        assert visitor.get(link_in(mail)).status_code == 200


def test_a_cancelled_invitation_is_closed_and_never_mailed(world: World) -> None:
    browser = invite(world)
    email = newcomer(world)["email"]
    membership = world.scalar(
        "select m.id from membership m join person p on p.id = m.person_id where p.email = %s",
        str(email).lower(),
    )
    browser.get(f"/staff/{membership}")
    assert browser.post(f"/staff/{membership}/invitation/cancellation").status_code == 303
    assert mails_to(world, email) == []
    assert membership_of(world, email) == "ended"
    assert browser.post(f"/staff/{membership}/invitation").status_code == 404
    again = invite(world)
    assert len(mails_to(world, email)) == 1
    assert str(email).lower() in again.get("/staff").text


def test_sending_the_form_twice_invites_once(world: World) -> None:
    browser = world.browser(world.admin)
    browser.get("/staff/new")
    key = {"idempotency_key": "0190a000-0000-7000-8000-000000000001"}
    for _ in range(2):
        assert browser.post("/staff", newcomer(world) | key).status_code == 303
    assert len(mails_to(world, newcomer(world)["email"])) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Enter their name"),
        ({"email": "maud"}, "in the correct format"),
        ({"roles": []}, "Select at least one role"),
        ({"roles": ["clerk"]}, "Select at least one role"),
        ({"roles": ["emperor"]}, "Select at least one role"),
    ],
)
def test_what_is_missing_is_explained_and_the_rest_is_kept(
    world: World, change: dict[str, object], sentence: str
) -> None:
    browser = world.browser(world.admin)
    browser.get("/staff/new")
    response = browser.post("/staff", newcomer(world) | change)
    assert response.status_code == 422
    assert sentence in response.text
    assert "Maud" in response.text
    assert world.events() == set()


def test_somebody_who_works_here_is_not_invited_again(world: World) -> None:
    browser = world.browser(world.admin)
    browser.get("/staff/new")
    response = browser.post("/staff", {"name": "Priya", "email": world.sendco.email, "roles": ["dsl"]})
    assert response.status_code == 422
    assert "already works here" in response.text


def test_an_invitation_is_mailed_three_times_an_hour_at_most(world: World) -> None:
    browser = invite(world)
    email = newcomer(world)["email"]
    key = world.scalar(
        "select m.id from membership m join person p on p.id = m.person_id where p.email = %s",
        str(email).lower(),
    )
    browser.get(f"/staff/{key}")
    again = [browser.post(f"/staff/{key}/invitation") for _ in range(4)]
    assert [answer.status_code for answer in again] == [303, 303, 409, 409]
    assert "three invitations in the last hour" in again[-1].text
    assert len(mails_to(world, email)) == 3
    # Cancelling it and inviting anew is not a way round.
    browser.post(f"/staff/{key}/invitation/cancellation")
    refused = browser.post("/staff", newcomer(world))
    assert refused.status_code == 422
    assert "three invitations in the last hour" in refused.text
    assert membership_of(world, email) == "ended"
    world.execute("update attempt set started_at = now() - interval '61 minutes'")
    assert browser.post("/staff", newcomer(world)).status_code == 303
    assert len(mails_to(world, email)) == 4


def test_what_one_school_mails_takes_nothing_from_another(world: World) -> None:
    browser, email = invite(world), newcomer(world)["email"]
    key = world.scalar(
        "select m.id from membership m join person p on p.id = m.person_id where p.email = %s",
        str(email).lower(),
    )
    for _ in range(3):
        browser.post(f"/staff/{key}/invitation")
    invite(world, {**newcomer(world), "roles": ["sendco"]}, by=world.other_admin)
    assert len(mails_to(world, email)) == 4
