"""Who may do what at a panel, whatever page they come from."""

from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import UUID

import pytest

from app.kernel.access import Actor
from app.kernel.clock import today
from app.kernel.ids import new_id
from app.panels.models import Meeting, PanelItem
from app.panels.queries import items as found
from app.panels.queries import meetings as planned
from app.panels.service import decisions, items, meetings
from app.panels.service.decisions import Ruling
from app.panels.service.items import Ballot, Interest, Remark, SpokenInterest
from app.panels.service.meetings import MeetingPlan, Presence
from tests.builders.refusing import refused
from tests.world import World

MEETING = MeetingPlan("Autumn panel 3", today().replace(year=today().year + 1, day=1), time(9), "Thornbeck")
OF_THE_CLERK: dict[str, Callable[[Actor, Meeting, PanelItem], Any]] = {
    "plan": lambda actor, *_: meetings.plan_meeting(actor, new_id(), MEETING),
    "change": lambda actor, meeting, _: meetings.change_meeting(actor, meeting, MEETING),
    "put on": meetings.put_on_agenda,
    "take off": meetings.take_off_agenda,
    "move": meetings.move_up,
    "pack": lambda actor, meeting, _: meetings.send_pack(actor, meeting),
    "attendance": lambda actor, meeting, _: meetings.record_attendance(actor, meeting, Presence([])),
    "close": lambda actor, meeting, _: meetings.close_meeting(actor, meeting),
    "conflict": lambda actor, _, item: items.enter_conflict(
        actor, item, SpokenInterest("declared", "Neighbour", actor.person_id)
    ),
}
DECLINE = Ruling("decline", "Not now.", "")


@pytest.mark.parametrize("deed", OF_THE_CLERK)
def test_only_the_clerk_keeps_the_agenda_even_past_the_pages(
    world: World, meeting_id: UUID, item_id: UUID, deed: str
) -> None:
    refused(
        world,
        [world.chair, world.vice_chair, world.member],
        lambda actor: OF_THE_CLERK[deed](actor, planned.load_meeting(meeting_id), found.load_item(item_id)),
    )


def test_who_does_not_preside_decides_nothing_even_past_the_pages(world: World, item_id: UUID) -> None:
    refused(
        world,
        [world.clerk, world.member],
        lambda actor: decisions.decide(actor, found.load_item(item_id), DECLINE),
    )


def test_a_member_defers_nothing_even_past_the_pages(world: World, item_id: UUID) -> None:
    refused(world, [world.member], lambda actor: items.defer(actor, found.load_item(item_id)))


@pytest.mark.parametrize(
    "deed",
    [
        lambda actor, item: items.vote(actor, item, Ballot("agree")),
        lambda actor, item: items.write_note(actor, item, Remark("A word for the others")),
    ],
    ids=["vote", "note"],
)
def test_the_clerk_neither_votes_nor_writes_notes_even_past_the_pages(
    world: World, item_id: UUID, deed: Callable[[Actor, PanelItem], None]
) -> None:
    refused(world, [world.clerk], lambda actor: deed(actor, found.load_item(item_id)))


def test_somebody_outside_the_panel_declares_no_conflict(world: World, item_id: UUID) -> None:
    with world.acting(world.clerk):
        item = found.load_item(item_id)
    refused(
        world,
        [world.finance, world.area_lead],
        lambda actor: items.declare_conflict(actor, item, Interest("declared", "Neighbour")),
    )
