"""The clerk makes a meeting and its agenda; members read the pack."""

from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from app.kernel.clock import now
from infrastructure.database.ids import new_id
from tests.builders import panels
from tests.world import World

MEETING = {
    "title": "Spring panel 1",
    "held_on-day": "9",
    "held_on-month": "June",
    "held_on-year": "2031",
    "held_time": "1.30pm",
    "place": "Millbrook hall",
}


def the_meeting(world: World) -> UUID:
    return UUID(str(world.scalar("select id from meeting where tenant_id = %s", world.thornbeck.id)))


def status(world: World, item_id: UUID) -> str:
    return str(world.scalar("select status from panel_item where id = %s", item_id))


def test_a_meeting_is_kept_in_london_time_with_the_usual_quorum(world: World) -> None:
    browser = world.browser(world.clerk)
    page = browser.follow(browser.post("/meetings", MEETING)).text
    assert "9 June 2031 at 1:30pm" in page
    row = world.rows("select * from meeting where tenant_id = %s", world.thornbeck.id)[0]
    assert row.held_at.isoformat() == "2031-06-09T12:30:00+00:00"
    assert row.quorum == 3


def test_the_locality_says_how_many_are_needed(world: World) -> None:
    for number, quorum in ((1, 4), (2, 5)):
        rules = Jsonb({"quorum": quorum})
        world.insert("locality_rules", tenant_id=world.thornbeck.id, number=number, rules=rules)
    world.browser(world.clerk).post("/meetings", MEETING)
    assert world.scalar("select quorum from meeting where id = %s", the_meeting(world)) == 5


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"title": ""}, "Enter a name for the meeting"),
        ({"held_on-month": "13"}, "Date of the meeting must be a real date"),
        ({"held_on-year": "2020"}, "The date and time of the meeting must be in the future"),
        ({"held_time": "25:00"}, "Enter a time, like 9:30am or 13:30"),
        ({"held_time": "13"}, "Enter a time, like 9:30am or 13:30"),
        ({"place": ""}, "Enter where the meeting is"),
    ],
)
def test_a_bad_answer_is_explained_and_nothing_is_lost(
    world: World, answer: dict[str, str], sentence: str
) -> None:
    response = world.browser(world.clerk).post("/meetings", MEETING | answer)
    assert response.status_code == 422
    assert sentence in response.text
    assert ("Spring panel 1" if "title" not in answer else "Millbrook hall") in response.text
    assert world.scalar("select count(*) from meeting where tenant_id = %s", world.thornbeck.id) == 0


@pytest.mark.parametrize("who", ["chair", "vice_chair", "member", "area_lead", "finance"])
def test_nobody_else_makes_a_meeting(world: World, who: str) -> None:
    browser = world.browser(getattr(world, who))
    assert browser.get("/meetings/new").status_code == 403
    assert browser.post("/meetings", MEETING).status_code == 403


@pytest.mark.parametrize("who", ["area_lead", "finance"])
def test_who_is_not_of_the_panel_has_no_meetings(world: World, who: str) -> None:
    meeting_id = panels.meeting(world)
    browser = world.browser(getattr(world, who))
    assert browser.get("/meetings").status_code == 403
    assert browser.get(f"/meetings/{meeting_id}").status_code == 403
    assert world.browser(world.member).get(f"/meetings/{meeting_id}").status_code == 200


def test_a_stale_change_shows_both_and_loses_nothing(world: World) -> None:
    meeting_id = panels.meeting(world)
    browser = world.browser(world.clerk)
    assert 'name="version" value="1"' in browser.get(f"/meetings/{meeting_id}/edit").text
    address = f"/meetings/{meeting_id}"
    assert browser.post(address, MEETING | {"version": "1", "place": "The library"}).status_code == 303
    stale = browser.post(address, MEETING | {"version": "1", "place": "My office"})
    assert stale.status_code == 409
    assert "The library" in stale.text
    assert "My office" in stale.text
    assert 'name="version" value="2"' in stale.text
    assert browser.post(address, MEETING | {"version": "2", "place": "My office"}).status_code == 303


def test_the_clerk_adds_orders_and_takes_off(world: World) -> None:
    meeting_id = panels.meeting(world, status="planned")
    first, second = panels.item(world), panels.item(world, world.idris)
    browser, agenda = world.browser(world.clerk), f"/meetings/{meeting_id}/agenda"
    assert "Waiting for an agenda" in browser.get(f"/meetings/{meeting_id}").text
    for item_id in (first, second):
        assert "is on the agenda" in browser.follow(browser.post(f"{agenda}/{item_id}")).text
    assert browser.post(f"{agenda}/{first}").status_code == 409
    browser.post(f"{agenda}/{second}/place-up")
    order = "select id from panel_item where meeting_id = %s order by position"
    assert [row.id for row in world.rows(order, meeting_id)] == [second, first]
    browser.post(f"{agenda}/{second}/removal")
    assert status(world, second) == "waiting"
    assert status(world, first) == "on_agenda"


def test_only_the_clerk_changes_the_agenda(world: World) -> None:
    meeting_id, item_id = panels.meeting(world), panels.item(world)
    for who in (world.chair, world.vice_chair, world.member):
        browser = world.browser(who)
        assert browser.post(f"/meetings/{meeting_id}/agenda/{item_id}").status_code == 403
        assert browser.post(f"/meetings/{meeting_id}/pack").status_code == 403
        assert browser.post(f"/meetings/{meeting_id}/attendance").status_code == 403
        assert browser.post(f"/meetings/{meeting_id}/closure").status_code == 403


def test_a_new_meeting_opens_at_once(world: World) -> None:
    response = world.browser(world.clerk).post("/meetings", MEETING)
    meeting_id = world.scalar(
        "select id from meeting where tenant_id = %s order by id desc limit 1", world.thornbeck.id
    )
    assert response.location.endswith(f"/meetings/{meeting_id}")


def test_closing_is_offered_from_the_day_of_the_meeting_and_asks_once_more(world: World) -> None:
    to_come, held = panels.meeting(world), panels.meeting(world, held_at=now())
    clerk = world.browser(world.clerk)
    assert "closure/new" not in clerk.get(f"/meetings/{to_come}").text
    assert f"/meetings/{held}/closure/new" in clerk.get(f"/meetings/{held}").text
    page = clerk.get(f"/meetings/{held}/closure/new")
    assert "Close this meeting for good?" in page.text
    assert world.scalar("select status from meeting where id = %s", held) != "closed"
    closed = clerk.follow(clerk.post(f"/meetings/{held}/closure")).text
    assert "This meeting had no requests." in closed
    assert world.browser(world.member).get(f"/meetings/{held}/closure/new").status_code == 403


def test_a_strange_id_is_not_found(world: World) -> None:
    meeting_id, item_id = panels.meeting(world), panels.item(world)
    browser = world.browser(world.clerk)
    assert browser.get(f"/meetings/{new_id()}").status_code == 404
    assert browser.post(f"/meetings/{meeting_id}/agenda/{new_id()}").status_code == 404
    assert browser.post(f"/meetings/{meeting_id}/agenda/{item_id}/removal").status_code == 404


def test_the_pack_needs_a_request_and_is_announced_once(world: World) -> None:
    meeting_id = panels.meeting(world, status="planned")
    browser = world.browser(world.clerk)
    empty = browser.post(f"/meetings/{meeting_id}/pack")
    assert empty.status_code == 409
    assert "Put at least one request on the agenda" in empty.text
    browser.follow(browser.post(f"/meetings/{meeting_id}/agenda/{panels.item(world)}"))
    assert "Members are being told" in browser.follow(browser.post(f"/meetings/{meeting_id}/pack")).text
    assert "MeetingCalled" in world.events()
    agenda = world.browser(world.member).get(f"/meetings/{meeting_id}").text
    assert "Your vote is missing" in agenda
    assert "Amara" not in agenda


def test_attendance_counts_members_and_nobody_else(world: World) -> None:
    meeting_id = panels.meeting(world)
    browser, address = world.browser(world.clerk), f"/meetings/{meeting_id}/attendance"
    page = browser.follow(
        browser.post(address, {"present": [str(world.chair.id), str(world.member.id)]})
    ).text
    assert "Helen Marsh, Sunita Rao" in page
    assert str(world.clerk.id) not in browser.get(address).text
    browser.post(address, {"present": [str(world.member.id)]})
    there = "select person_id from attendance where meeting_id = %s"
    assert [row.person_id for row in world.rows(there, meeting_id)] == [world.member.id]
    refused = browser.post(address, {"present": [str(world.clerk.id)]})
    assert refused.status_code == 422
    assert "Select people who are members of this panel" in refused.text


def test_a_closed_meeting_defers_what_was_not_decided(world: World) -> None:
    meeting_id = panels.meeting(world)
    item_id = panels.item(world, meeting_id=meeting_id)
    browser = world.browser(world.clerk)
    browser.post(f"/meetings/{meeting_id}/closure")
    assert status(world, item_id) == "deferred"
    assert browser.post(f"/meetings/{meeting_id}/agenda/{item_id}").status_code == 409
    other = panels.meeting(world)
    assert browser.post(f"/meetings/{other}/agenda/{item_id}").status_code == 303
    assert status(world, item_id) == "on_agenda"
