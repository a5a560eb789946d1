"""The first page says what needs this person, and nothing that is not theirs."""

import pytest
from sqlalchemy import event, text

from app.kernel.access import Audience
from infrastructure.database.door import db
from tests.builders import panels
from tests.world import World


def test_the_clerk_sees_what_waits_and_the_next_meeting(world: World) -> None:
    browser = world.browser(world.clerk)
    assert "No meeting is planned." in browser.get("/").text
    panels.item(world)
    panels.meeting(world, status="planned")
    page = browser.get("/").text
    assert "Requests waiting" in page
    assert '<span class="app-tile__count">1</span>' in page
    assert "Autumn panel 2" in page


def test_a_member_sees_the_pack_and_the_votes_that_are_missing(world: World) -> None:
    meeting_id = panels.meeting(world)
    item_id = panels.item(world, meeting_id=meeting_id)
    browser = world.browser(world.member)
    page = browser.get("/").text
    assert "the pack is ready to read" in page
    assert "Read the pack and vote." in page
    browser.post(f"/items/{item_id}/votes", {"choice": "agree"})
    assert "You are up to date." in browser.get("/").text
    conflicted = world.browser(world.conflicted_member).get("/").text
    assert "You are up to date." in conflicted
    assert "1 item of the next meeting is hidden because you have a conflict of interest." in conflicted


def test_finance_sees_the_fund_and_no_meeting(world: World) -> None:
    browser = world.browser(world.finance)
    assert "Open a fund" in browser.get("/").text
    panels.fund(world)
    panels.item(world, meeting_id=panels.meeting(world))
    page = browser.get("/").text
    assert "£10,000 left" in page
    assert "Autumn panel 2" not in page
    assert "Requests" not in page


@pytest.mark.parametrize("who", ["finance", "chair"])
def test_a_fund_that_paid_for_a_hidden_request_shows_no_balance(world: World, who: str) -> None:
    item_id = panels.item(world, meeting_id=panels.meeting(world, *panels.full_table(world)))
    panels.award(world, item_id, panels.fund(world), 1_234_56)
    person = getattr(world, who)
    assert "£8,765.44 left" in world.browser(person).get("/").text
    panels.recuse(world, item_id, person)
    page = world.browser(person).get("/").text
    assert "Balance not shown" in page
    assert "8,765.44" not in page


def test_the_area_send_lead_sees_totals_and_no_small_numbers(world: World) -> None:
    browser = world.browser(world.area_lead)
    assert "No school has sent a request yet." in browser.get("/").text
    meeting_id = panels.meeting(world)
    for _ in range(4):
        panels.item(world, meeting_id=meeting_id, amount_pence=100_00)
    page = browser.get("/").text
    assert "Fewer than 5" in page
    assert "£400" not in page
    panels.item(world, meeting_id=meeting_id, amount_pence=100_00)
    page = browser.get("/").text
    assert "Fewer than 5" not in page
    assert "£500" in page
    assert "Larkrise" not in page
    assert "Autumn panel 2" not in page


@pytest.mark.parametrize("who", ["clerk", "chair", "member", "finance"])
def test_totals_are_for_the_area_send_lead_alone(world: World, who: str) -> None:
    panels.item(world)
    with world.acting(getattr(world, who)) as session:
        assert session.execute(text("select * from ctx.panel_totals()")).all() == []
    with world.acting(world.area_lead) as session:
        assert session.execute(text("select items from ctx.panel_totals()")).all() == [(None,)]


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("clerk", "/"),
        ("area_lead", "/"),
        ("clerk", "/meetings"),
        ("clerk", "/meetings/{meeting}"),
        ("chair", "/items/{item}"),
        ("chair", "/items/{item}/decision/new"),
        ("clerk", "/items/{item}/recusals/new"),
        ("finance", "/funds"),
        ("finance", "/funds/{fund}"),
    ],
)
def test_a_page_runs_three_statements_at_most(world: World, who: str, page: str) -> None:
    fund_id, meeting_id = panels.fund(world), panels.meeting(world, *panels.full_table(world))
    for child in (world.amara, world.noor, world.idris, world.noor):
        last = panels.item(world, child, meeting_id)
    path = page.format(meeting=meeting_id, item=world.scalar(
        "select id from panel_item where meeting_id = %s and home_tenant_id = %s limit 1", meeting_id, world.larkrise.id
    ), fund=fund_id)  # fmt: skip
    assert last
    browser, seen = world.browser(getattr(world, who)), list[str]()
    browser.get(path)
    with world.database.hosts.apps[Audience.LOCALITY].app_context():
        engine = db.engine

    def note(_: object, __: object, statement: str, *___: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    logged = next((place for place, statement in enumerate(seen) if "log_read" in statement), None)
    # The note of the reading is bound by a statement of its own.
    assert (len(seen) if logged is None else logged - 1) <= 3, seen
