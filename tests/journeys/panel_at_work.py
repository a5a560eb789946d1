"""Second part of the story: the locality's panel meets, votes and decides, and one member may not look."""

import re
from datetime import timedelta

from app.kernel.clock import today
from tests.journeys.asking_the_locality import REPORT, WHY_NOW
from tests.journeys.stage import Stage
from tests.journeys.visitor import Visitor

REFERENCE = re.compile("^LSS-")


def finance_opens_a_fund(stage: Stage) -> None:
    finance = stage.signed_in(stage.world.finance).look("finance-home").click("Open a fund")
    finance.fill("Name of the fund", "Locality funding").fill("How much does it open with?", "10,000")
    finance.look("fund-new").press("Open the fund").look("funds")
    finance.shows("£10,000")


def the_clerk_calls_a_meeting(stage: Stage) -> Visitor:
    """Plans it, puts the request on the agenda, counts who is here and sends the pack."""
    world, day = stage.world, today() + timedelta(days=14)
    stage.letter(world.clerk, re.compile("A request for Locality SEND Support has been sent"))
    clerk = stage.signed_in(world.clerk).look("clerk-home").click("Meetings").press("Plan a meeting")
    clerk.fill("Name of the meeting", "Autumn panel 2").date("Date", day.day, day.month, day.year)
    clerk.fill("Time", "1:30pm").fill("Where", "Millbrook hall").look("meeting-new").press("Plan the meeting")
    clerk.look("meeting-empty").press(re.compile("^Add"))
    clerk.press("Send the pack").press("Count who is here")
    for member in (world.chair, world.vice_chair, world.member, world.third_member, world.conflicted_member):
        clerk.choose(member.name)
    return clerk.look("attendance").press("Save who is here").look("meeting-clerk")


def members_read_and_vote(stage: Stage) -> None:
    world = stage.world
    for member in (world.member, world.third_member, world.vice_chair):
        stage.letter(member, re.compile("A panel meeting has been planned"))
        reader = stage.signed_in(member).look("member-home").click("Meetings").click("Autumn panel 2")
        reader.look("meeting-member").click(REFERENCE).look("item")
        reader.shows(WHY_NOW, REPORT, "Larkrise Primary", "Year 2")
        reader.hides("Okonjo-Vale", world.father.name, "4 November 2019")
        reader.choose(re.compile("^Agree$")).press("Vote").look("item-voted")
        reader.shows("You voted: Agree.")


def the_conflicted_member_may_not_look(stage: Stage, clerk: Visitor) -> None:
    """The school's own SENDCO sits on the panel: a hidden item is a number to her, and its address is nothing."""
    there = clerk.page.get_by_role("link", name=REFERENCE).first.get_attribute("href")
    assert there
    conflicted = stage.signed_in(stage.world.conflicted_member)
    conflicted.click("Meetings").click("Autumn panel 2").look("meeting-hidden")
    conflicted.shows("1 item is hidden because you have a conflict of interest.")
    conflicted.hides("LSS-")
    answer = conflicted.page.goto(stage.address(stage.world.conflicted_member, there))
    assert answer
    assert answer.status == 404
    conflicted.check().look("not-found")


def the_chair_decides(stage: Stage) -> None:
    chair = stage.signed_in(stage.world.chair).click("Meetings").click("Autumn panel 2").click(REFERENCE)
    chair.choose(re.compile("^Agree$")).press("Vote").press("Record the decision")
    chair.choose("Agreed").fill("Amount", "3,000").choose(re.compile("Locality funding"))
    chair.fill("Over how many terms?", "2").fill("Why?", "The need is clear and the school has done a lot.")
    chair.look("decision").press("Issue the decision").look("item-decided")
    chair.shows("Agreed", "£3,000 over 2 terms", "£1,500")
