"""A form that is sent after the session has run out: kept for its writer, for a day, and for nobody else."""

import re
from html import unescape

import pytest

from tests.browser import Browser
from tests.builders.referrals import sent_referral
from tests.world import Somebody, World

WORDS = "I like the quiet table by the window"
SAID = {
    "words": WORDS, "method": "symbols", "written_down_by": "Sam Field",
    "said_on-day": "3", "said_on-month": "2", "said_on-year": "2026",
}  # fmt: skip


def views(world: World) -> str:
    return f"/pupils/{world.amara.id}/views"


def run_out(world: World) -> None:
    world.execute("update session set seen_at = now() - interval '31 minutes' where ended_at is null")


def kept_by(world: World, who: Somebody) -> list[str]:
    """The addresses of what was kept for somebody, the newest first."""
    rows = world.rows("select id from kept_form where person_id = %s order by kept_at desc, id desc", who.id)
    return [f"/kept-forms/{row[0]}" for row in rows]


def typed_too_late(world: World, browser: Browser) -> str:
    """The address of what was kept, as the next sign-in finds it."""
    browser.get("/about/help")
    run_out(world)
    response = browser.post(views(world), SAID)
    assert response.status_code == 303
    assert "/sign-in" in response.location
    assert "We kept what you typed" in browser.follow(response).text
    return kept_by(world, world.sendco)[0]


def hidden_fields(page: str) -> dict[str, str]:
    form = page[page.index("<form", page.index("app-words")) :]
    found = re.findall(r'name="([^"]+)" value="([^"]*)"', form[: form.index("</form>")])
    return {name: unescape(value) for name, value in found}


def test_what_was_typed_waits_behind_the_next_sign_in_and_is_saved_from_there(world: World) -> None:
    kept = typed_too_late(world, world.browser(world.sendco))
    back = world.browser(world.sendco)
    assert kept in back.get("/").text
    page = back.get(kept).text
    assert WORDS in page
    answer = back.post(views(world), hidden_fields(page))
    assert WORDS in back.follow(answer).text
    assert not kept_by(world, world.sendco)
    assert kept not in back.get("/").text


def test_saving_it_twice_has_one_effect(world: World) -> None:
    kept = typed_too_late(world, world.browser(world.sendco))
    back = world.browser(world.sendco)
    fields = hidden_fields(back.get(kept).text)
    assert back.post(views(world), fields).status_code == 303
    assert back.post(views(world), fields).status_code == 303
    assert world.scalar("select count(*) from pupil_view where pupil_id = %s", world.amara.id) == 1


def test_what_is_wrong_in_it_is_asked_for_with_everything_still_there(world: World) -> None:
    browser = world.browser(world.sendco)
    browser.get("/about/help")
    run_out(world)
    browser.post(views(world), SAID | {"said_on-month": "13"})
    back = world.browser(world.sendco)
    [kept] = kept_by(world, world.sendco)
    answer = back.post(views(world), hidden_fields(back.get(kept).text))
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert len(kept_by(world, world.sendco)) == 1


def test_nobody_else_sees_it(world: World) -> None:
    kept = typed_too_late(world, world.browser(world.sendco))
    for who in (world.teacher, world.admin, world.other_sendco, world.mother):
        stranger = world.browser(who)
        assert stranger.get(kept).status_code == 404
        assert kept not in stranger.get("/").text
        assert stranger.post(f"{kept}/removal").status_code == 404
    assert world.browser(world.sendco).get(kept).status_code == 200


def test_it_can_be_thrown_away(world: World) -> None:
    kept = typed_too_late(world, world.browser(world.sendco))
    back = world.browser(world.sendco)
    assert back.post(f"{kept}/removal").status_code == 303
    assert back.get(kept).status_code == 404


def test_a_session_that_was_signed_out_keeps_nothing(world: World) -> None:
    browser = world.browser(world.sendco)
    browser.get("/about/help")
    world.execute("update session set ended_at = now()")
    response = browser.post(views(world), SAID)
    assert "nothing was saved" in browser.follow(response).text
    assert not kept_by(world, world.sendco)


def test_a_form_without_its_token_is_not_kept(world: World) -> None:
    browser = world.browser(world.sendco)
    browser.get("/about/help")
    run_out(world)
    assert browser.post(views(world), SAID | {"csrf_token": "0" * 64}).status_code == 403
    assert not kept_by(world, world.sendco)


def test_a_password_is_never_kept(world: World) -> None:
    browser = world.browser(world.sendco)
    browser.get("/about/help")
    run_out(world)
    browser.post(views(world), SAID | {"new_password": "correct horse battery staple"})
    fields = world.scalar("select fields::text from kept_form where person_id = %s", world.sendco.id)
    assert WORDS in fields
    assert "horse" not in fields


def test_it_is_gone_after_a_day(world: World) -> None:
    kept = typed_too_late(world, world.browser(world.sendco))
    world.execute("update kept_form set kept_at = now() - interval '25 hours'")
    back = world.browser(world.sendco)
    assert back.get(kept).status_code == 404
    assert kept not in back.get("/").text
    world.execute("select door.sweep_kept_forms()")
    assert not kept_by(world, world.sendco)


def test_only_the_newest_few_of_a_person_are_kept(world: World) -> None:
    browser = world.browser(world.sendco)
    browser.get("/about/help")
    run_out(world)
    for number in range(12):
        browser.post(views(world), SAID | {"words": f"{WORDS} {number}"})
    kept = kept_by(world, world.sendco)
    assert len(kept) == 10
    back = world.browser(world.sendco)
    assert f"{WORDS} 11" in back.get(kept[0]).text
    assert f"{WORDS} 2" in back.get(kept[-1]).text


def test_a_professional_finds_it_behind_their_link_again(world: World) -> None:
    sent = sent_referral(world, world.amara)
    browser = world.browser(world.professional, share_id=sent.share_id)
    browser.get("/referral")
    run_out(world)
    answer = browser.post("/referral/question", {"words": "Does she hear well when it is noisy?"})
    assert "We kept what you typed" in browser.follow(answer).text
    [kept] = kept_by(world, world.professional)
    back = world.browser(world.professional, share_id=sent.share_id)
    assert kept in back.get("/referral").text
    assert "hear well when it is noisy" in back.get(kept).text


def test_the_header_counts_messages_that_were_not_read(world: World) -> None:
    assert "not read yet" not in world.browser(world.sendco).get("/").text
    for person in (world.sendco, world.sendco, world.teacher):
        world.insert(
            "notification", tenant_id=world.larkrise.id, person_id=person.id, kind="plan_agreed", audience="school",
            path="/",
        )  # fmt: skip
    assert "(2 not read yet)" in world.browser(world.sendco).get("/").text
    assert "(1 not read yet)" in world.browser(world.teacher).get("/").text
    world.execute("update notification set read_at = now() where person_id = %s", world.sendco.id)
    assert "not read yet" not in world.browser(world.sendco).get("/").text


def test_a_browser_that_never_saw_a_page_of_the_session_keeps_nothing(world: World) -> None:
    """A thief with a cookie that has run out gets a token from the sign-in page, and it is not the session's."""
    thief = world.browser(world.sendco)
    run_out(world)
    thief.get("/sign-in")
    assert thief.post(views(world), SAID).status_code == 303
    assert not kept_by(world, world.sendco)


def test_the_kept_page_says_where_it_goes_and_every_answer_in_it(world: World) -> None:
    kept = typed_too_late(world, world.browser(world.sendco))
    page = world.browser(world.sendco).get(kept).text
    for words in (views(world), WORDS, "symbols", "Sam Field", "2026"):
        assert f">{words}<" in page


@pytest.mark.parametrize("words", ["Words with \0 in them", "\U0001f642" * 60_000], ids=["a NUL", "too much"])
def test_what_cannot_be_kept_is_said_and_not_an_error(world: World, words: str) -> None:
    browser = world.browser(world.sendco)
    browser.get("/about/help")
    run_out(world)
    answer = browser.post(views(world), SAID | {"words": words})
    assert answer.status_code == 303
    said = "We kept what you typed" if len(words) < 100 else "nothing was saved"
    assert said in browser.follow(answer).text


def test_shutting_out_other_devices_throws_away_what_was_kept(world: World) -> None:
    typed_too_late(world, world.browser(world.sendco))
    world.browser(world.sendco).post("/sessions/removal")
    assert not kept_by(world, world.sendco)


def test_a_new_password_throws_away_what_was_kept(world: World) -> None:
    typed_too_late(world, world.browser(world.sendco))
    world.execute(
        "insert into credential (person_id, password_hash) values (%s, 'a') "
        "on conflict (person_id) do update set password_hash = 'a'", world.sendco.id,
    )  # fmt: skip
    world.execute("update credential set password_hash = 'b' where person_id = %s", world.sendco.id)
    assert not kept_by(world, world.sendco)
