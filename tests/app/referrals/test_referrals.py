"""A SENDCO writes a referral; who may read it, and what its pages say."""

from tests.builders import plans
from tests.builders import referrals as builders
from tests.builders.referrals import row
from tests.world import World


def test_a_referral_begins_with_what_the_record_says(world: World) -> None:
    plans.agreed_plan(world, world.amara)
    browser = world.browser(world.sendco)
    assert world.ashmere.name in browser.get(f"/pupils/{world.amara.id}/referrals/new").text
    made = browser.post(f"/pupils/{world.amara.id}/referrals", {"agency_id": str(world.ashmere.id)})
    assert made.status_code == 303
    page = browser.follow(made).text
    assert "Kind, curious and good with numbers." in page
    assert "Story language group" in page


def test_only_an_agency_can_be_asked(world: World) -> None:
    browser = world.browser(world.sendco)
    for other in (world.thornbeck.id, world.millbrook.id, "x"):
        refused = browser.post(f"/pupils/{world.amara.id}/referrals", {"agency_id": str(other)})
        assert refused.status_code == 422
        assert "Choose" in refused.text


def test_what_was_asked_is_not_changed_without_asking_again(world: World) -> None:
    referral_id, ask_id = builders.asked_referral(world, world.amara)
    answers = dict.fromkeys(builders.WORDS, "New words")
    browser = world.browser(world.sendco)
    assert browser.post(f"/referrals/{referral_id}/words", {**answers, "version": "1"}).status_code == 303
    assert row(world, referral_id).status == "draft"
    assert world.scalar("select closed_at from consent_ask where id = %s", ask_id) is not None
    stale = browser.post(f"/referrals/{referral_id}/words", {**answers, "why_now": "Mine", "version": "1"})
    assert stale.status_code == 409
    assert "Mine" in stale.text
    assert "New words" in stale.text
    sent = builders.sent_referral(world, world.amara)
    assert (
        browser.post(f"/referrals/{sent.referral_id}/words", {**answers, "version": "1"}).status_code == 409
    )


def test_who_may_read_and_who_may_not(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    path = f"/referrals/{sent.referral_id}"
    for who in (world.sendco, world.head, world.dsl):
        assert "To Ashmere" in world.browser(who).get(path).text
        assert "Amara" in world.browser(who).get("/referrals").text
    for who in (world.teacher, world.assistant, world.admin):
        assert world.browser(who).get(path).status_code == 403
    assert world.browser(world.head).post(f"{path}/sending", {"version": "1"}).status_code == 403
    other = world.browser(world.other_sendco)
    for step in ("", "/words", "/evidence", "/consent-ask/new", "/sending/new", "/withdrawal/new"):
        assert other.get(path + step).status_code == 404
    assert other.post(f"{path}/link-closing").status_code == 404
    assert "Amara" not in other.get("/referrals").text


def test_every_page_of_a_referral_opens(world: World) -> None:
    browser = world.browser(world.sendco)
    assert "You have not asked a specialist service" in browser.get("/referrals").text
    draft = builders.draft_referral(world, world.amara, needs="")
    assert "Say what is hard" in browser.get(f"/referrals/{draft}").text
    for step in ("words", "evidence", "consent-ask/new", "withdrawal/new"):
        assert browser.get(f"/referrals/{draft}/{step}").status_code == 200
    agreed, _ = builders.agreed_referral(world, world.amara)
    assert "We mail a link" in browser.get(f"/referrals/{agreed}/sending/new").text
    sent = builders.sent_referral(world, world.amara)
    assert "We mail a new link" in browser.get(f"/referrals/{sent.referral_id}/sending/new").text
    assert "Nobody has opened it yet" in browser.get(f"/referrals/{sent.referral_id}").text
