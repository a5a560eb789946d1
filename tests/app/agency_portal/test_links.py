"""A link shows nothing by itself and is used up by nobody who only opens it."""

from datetime import timedelta

from app.kernel.clock import now
from tests.builders.agency_portal import (
    HOST,
    WHO,
    WORDS,
    at_the_link,
    code_mails,
    kinds,
    replies,
    signed_in,
    status,
    withdraw,
)
from tests.builders.referrals import Sent
from tests.world import World


def test_opening_the_link_shows_nothing_and_uses_nothing_up(world: World, sent: Sent) -> None:
    before = world.rows("select * from link where id = %s", sent.link_id)
    for _ in range(20):
        page = world.visitor(HOST).get(sent.path)
        assert page.status_code == 200
        assert not [word for word in WORDS if word in page.text]
        assert world.visitor(HOST).client.head(sent.path, base_url=f"https://{HOST}").status_code == 200
    assert world.rows("select * from link where id = %s", sent.link_id) == before
    assert world.scalar("select count(*) from session where scope_id = %s", sent.share_id) == 0
    assert kinds(world, sent) == ["opened"]
    assert code_mails(world) == []
    signed_in(world, sent)


def test_a_robot_that_sends_every_form_changes_nothing(world: World, sent: Sent) -> None:
    robot = world.visitor(HOST)
    for _ in range(10):
        robot.get(sent.path)
        robot.post(f"{sent.path}/code")
        robot.get(f"{sent.path}/session/new")
        assert (
            robot.post(f"{sent.path}/session", {"code": "test", "name": "test", "role": "test"}).status_code
            == 422
        )
        robot.post(f"{sent.path}/session", {})
    world.run_errands()
    assert len(code_mails(world)) == 3
    assert status(world, sent) == "sent"
    assert replies(world, sent) == []
    assert world.scalar("select closed_at from link where id = %s", sent.link_id) is None
    browser = at_the_link(world, sent)
    assert browser.post(f"{sent.path}/session", {"code": code_mails(world)[-1], **WHO}).status_code == 303


def test_an_unknown_link_is_not_found_and_a_closed_one_is_gone(world: World, sent: Sent) -> None:
    visitor = at_the_link(world, sent)
    for step in ("", "/session/new"):
        assert visitor.get(f"/r/nothing-like-it{step}").status_code == 404
    assert visitor.post("/r/nothing-like-it/code").status_code == 404
    withdraw(world, sent)
    for step in ("", "/session/new"):
        page = visitor.get(sent.path + step)
        assert page.status_code == 410
        assert not [word for word in WORDS if word in page.text]
    for step in ("/code", "/session"):
        assert visitor.post(sent.path + step, {"code": "123456", **WHO}).status_code == 410


def test_a_link_that_ran_out_is_gone(world: World, sent: Sent) -> None:
    world.execute("update link set expires_on = current_date - 2 where id = %s", sent.link_id)
    assert world.visitor(HOST).get(sent.path).status_code == 410


def test_the_school_sees_each_opening_and_who_came_in(world: World, sent: Sent) -> None:
    signed_in(world, sent)
    page = world.browser(world.sendco).get(f"/referrals/{sent.referral_id}").text
    assert "The link was opened" in page
    assert "A code was sent to the registered mailbox" in page
    assert "Somebody signed in (Maya Lind, Speech and language therapist)" in page
    looked = world.rows(
        "select reader_name, role from read_log where pupil_id = %s and what = 'referral'", world.amara.id
    )
    assert ("Ashmere Speech and Language Therapy", "Professional") in [tuple(row) for row in looked]


def test_a_link_tried_often_leaves_a_bounded_trail(world: World, sent: Sent) -> None:
    visitor = at_the_link(world, sent)
    for _ in range(8):
        visitor.get(sent.path)
        visitor.post(f"{sent.path}/session", {"code": "000000", **WHO})
    assert kinds(world, sent) == ["opened"]
    signed_in(world, sent)
    assert kinds(world, sent) == ["opened", "code_sent", "signed_in"]


def test_a_link_opened_again_after_an_hour_is_noted_again(world: World, sent: Sent) -> None:
    world.insert(
        "link_event",
        tenant_id=world.larkrise.id,
        link_id=sent.link_id,
        kind="opened",
        at=now() - timedelta(minutes=61),
    )
    for _ in range(2):
        at_the_link(world, sent)
    assert kinds(world, sent) == ["opened", "opened"]
