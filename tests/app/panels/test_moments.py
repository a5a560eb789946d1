"""What is done at a panel only at its moment, whatever page it comes from."""

from dataclasses import replace

import pytest

from app.kernel.clock import today
from app.kernel.errors import Conflict, Invalid
from app.panels.queries import items as found
from app.panels.queries import meetings as planned
from app.panels.service import items, meetings
from tests.app.panels.test_authority import MEETING, OF_THE_CLERK
from tests.builders import panels
from tests.builders.refusing import stopped
from tests.world import World


@pytest.mark.parametrize("deed", ["change", "put on", "take off", "move", "pack", "attendance"])
def test_a_meeting_that_is_over_stays_as_it_was(world: World, deed: str) -> None:
    meeting_id = panels.meeting(world, status="closed")
    item_id = panels.item(world, meeting_id=meeting_id)
    stopped(
        world, world.clerk,
        lambda actor: OF_THE_CLERK[deed](actor, planned.load_meeting(meeting_id), found.load_item(item_id)),
        Conflict, "This meeting is over",
    )  # fmt: skip


def test_closing_a_meeting_twice_is_a_conflict(world: World) -> None:
    meeting_id = panels.meeting(world)
    clerk = world.browser(world.clerk)
    assert clerk.post(f"/meetings/{meeting_id}/closure").status_code == 303
    again = clerk.post(f"/meetings/{meeting_id}/closure")
    assert again.status_code == 409
    assert "This meeting is over" in again.text


def test_a_meeting_is_not_moved_into_the_past(world: World) -> None:
    meeting_id, past = panels.meeting(world), replace(MEETING, held_on=today().replace(year=2020, day=1))
    stopped(
        world, world.clerk, lambda actor: meetings.change_meeting(actor, planned.load_meeting(meeting_id), past),
        Invalid, "must be in the future",
    )  # fmt: skip


def test_what_is_on_no_agenda_is_neither_taken_off_nor_deferred(world: World) -> None:
    meeting_id, item_id = panels.meeting(world), panels.item(world)
    for deed in (
        lambda actor: items.defer(actor, found.load_item(item_id)),
        lambda actor: meetings.take_off_agenda(
            actor, planned.load_meeting(meeting_id), found.load_item(item_id)
        ),
    ):
        stopped(world, world.clerk, deed, Conflict, "not on an agenda yet")
