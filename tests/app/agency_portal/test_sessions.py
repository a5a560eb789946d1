"""One referral for each session, and one session for each browser."""

from tests.builders import referrals as builders
from tests.builders.agency_portal import HOST, at_the_link, signed_in
from tests.builders.referrals import Sent
from tests.world import World


def test_without_a_session_the_way_in_is_the_link(world: World) -> None:
    visitor = world.visitor(HOST)
    for path in ("/referral", "/referral/acceptance/new", "/referral/report/new"):
        assert visitor.get(path).location.endswith("/")
    assert "open the link in the mail" in visitor.get("/").text


def test_signing_out_ends_the_session(world: World, sent: Sent) -> None:
    browser = signed_in(world, sent)
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/referral").status_code == 303


def live_sessions(world: World, sent: Sent) -> int:
    query = "select count(*) from session where scope_id = %s and ended_at is null"
    return int(world.scalar(query, sent.share_id))


def test_signing_in_through_a_link_ends_the_session_that_this_browser_had(world: World, sent: Sent) -> None:
    other = builders.sent_referral(world, world.idris, by=world.other_mother)
    colleague = signed_in(world, sent)
    browser = signed_in(world, sent)
    assert live_sessions(world, sent) == 2
    browser.get(other.path)
    signed_in(world, other, browser)
    assert (live_sessions(world, sent), live_sessions(world, other)) == (1, 1)
    assert "Idris" in browser.get("/referral").text
    assert "Amara" in colleague.get("/referral").text


def test_a_token_that_was_planted_before_signing_in_opens_nothing_after(world: World, sent: Sent) -> None:
    planted = "a-token-that-somebody-else-knows-too"
    browser = at_the_link(world, sent)
    browser.client.set_cookie("__Host-session", planted, domain=HOST, secure=True)
    browser.get(sent.path)
    signed_in(world, sent, browser)
    held = browser.client.get_cookie("__Host-session", domain=HOST)
    assert held is not None
    assert held.value != planted
