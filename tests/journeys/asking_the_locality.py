"""First part of the story: a school asks its locality for help, and the family agrees to what is sent."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.builders.documents import LETTER
from tests.journeys.stage import Stage
from tests.journeys.visitor import Visitor

REPORT = "Speech and language report, March"
ASKED = "3,120"
WHY_NOW = "Amara has begun to leave the room when she does not understand."
FAMILY_SAYS = "Mornings are hard. We would like help with that."
# What never stands in a mail: the child, and words of need from the plan and the request.
NEVER_IN_A_MAIL = re.compile(
    r"amara|okonjo-vale|SLCN|SEMH|speech and language report|instructions|leave the room|story|mornings",
    re.IGNORECASE,
)
CONSENT_ASKED = re.compile("We need your answer about sharing information")


def open_the_record(stage: Stage) -> Visitor:
    """The SENDCO signs in and finds the child; the plan was reviewed twice and agreed anew."""
    sendco = stage.staff_sign_in(stage.world.sendco).look("school-home")
    sendco.shows("What needs you")
    sendco.fill("Find a pupil by name", "amara").press("Find a pupil")
    sendco.click("Amara Okonjo-Vale").look("pupil")
    sendco.click(re.compile("^All plans")).look("plans").click(re.compile("^Plan 3")).look("plan")
    sendco.shows("Tell a story in order")
    return sendco


def add_evidence(stage: Stage, sendco: Visitor, folder: Path) -> None:
    """The file goes to storage by itself, is checked by the worker, and the page says so without being asked."""
    file = folder / "report.pdf"
    file.write_bytes(LETTER)
    sendco.open(stage.address(stage.world.sendco, f"/pupils/{stage.world.amara.id}/documents/new"))
    sendco.fill("What is this document?", REPORT)
    sendco.page.get_by_label("Choose a file").set_input_files(file)
    sendco.look("document-new").press("Add the document")
    expect(sendco.page.get_by_text("no problems found")).to_be_visible(timeout=30_000)
    sendco.check().look("document")


def write_down_what_the_child_says(stage: Stage, sendco: Visitor) -> None:
    sendco.open(stage.address(stage.world.sendco, f"/pupils/{stage.world.amara.id}/views/new"))
    sendco.fill("What did Amara say or show?", "I like it when we use the cards.").choose("In a talk")
    sendco.press("Save").look("views")


def write_the_request(stage: Stage, sendco: Visitor) -> None:
    """Most of it is there already; four answers are new."""
    sendco.open(stage.address(stage.world.sendco, f"/pupils/{stage.world.amara.id}"))
    sendco.click("Ask the locality for help").choose("Money").look("request-new").press("Start the request")
    sendco.shows("Say why you ask now")
    sendco.look("request-draft").click("What goes well and what is hard")
    expect(sendco.page.get_by_label("What goes well?")).to_have_value("Kind, curious and good with numbers.")
    sendco.look("request-part").press("Save and go back")
    sendco.click("What you are asking for").fill("How much money", ASKED).fill("For how many terms?", "2")
    sendco.fill("What do you ask for?", "A specialist teacher for half a day a week.")
    sendco.press("Save and go back").click("Why now, and what you have tried").fill(
        "Why do you ask now?", WHY_NOW
    )
    expect(sendco.page.get_by_label("What have you tried?")).to_have_value(re.compile("Story language group"))
    sendco.press("Save and go back").click("What the child and the family say")
    expect(sendco.page.get_by_label("What does the child say?")).to_have_value(re.compile("I like it when"))
    sendco.fill("What does the family say?", FAMILY_SAYS).press("Save and go back")
    sendco.click("Documents that go with it").choose(REPORT).look("request-evidence").press(
        "Save and go back"
    )
    sendco.hides("What is missing")


def ask_the_family(sendco: Visitor) -> None:
    sendco.look("request-ready").click("The family reads it and agrees").look("request-ask")
    sendco.shows(WHY_NOW)
    sendco.press("Ask the family")


def the_mother_agrees(stage: Stage) -> Visitor:
    """She signs in with a code, reads exactly what will be sent, and says yes. The father is told alike."""
    world = stage.world
    for parent in (world.mother, world.father):
        stage.letter(parent, CONSENT_ASKED)
    mother = stage.family_sign_in(world.mother).look("family-home")
    mother.shows("Amara")
    mother.shows("Noor")
    mother.click("Amara").look("family-child").click(re.compile("Say yes or no")).look("family-consent")
    mother.shows(WHY_NOW, FAMILY_SAYS, REPORT, "A specialist teacher", "£3,120", "Amara O")
    mother.hides("4 November 2019", world.father.name, world.father.email)
    return mother.choose("Yes, the school may send this").press("Send my answer").look("family-consented")


def the_head_authorises(stage: Stage, sendco: Visitor) -> None:
    stage.letter(stage.world.sendco, re.compile("Somebody has answered"))
    head = stage.signed_in(stage.world.head).look("head-home").click("Requests").look("requests")
    stage.until(head.click(re.compile("^LSS-")), "Family agreed")
    head.click("The headteacher authorises it").look("request-authorise").press("Authorise this request")
    head.shows("You have authorised this request")
    sendco.page.reload()
    sendco.click("Send it to the panel").press("Send to the panel").look("request-sent")
    sendco.shows("The panel reads it and talks about it")


def the_school_and_the_mother_hear(stage: Stage, sendco: Visitor, mother: Visitor) -> None:
    """By mail at the same time, and on their pages in plain words."""
    world, decided = stage.world, re.compile("The panel has decided")
    for person in (world.sendco, world.head, world.mother, world.father):
        stage.letter(person, decided)
    sendco.open(stage.address(world.sendco, "/lss/requests")).click(re.compile("^LSS-")).look(
        "request-decided"
    )
    sendco.shows("Decision: Agreed")
    sendco.shows("£3,000 over 2 terms")
    mother.open(stage.address(world.mother, "/")).click("Amara").look("family-decided")
    mother.shows("The group has said yes. The school gets £3,000 over 2 terms for this help.")
    mother.shows("education, health and care (EHC) needs assessment at any time")
