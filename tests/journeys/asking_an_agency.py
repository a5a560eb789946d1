"""Third part of the story: a referral to an agency through a link, a report back, and a yes that is taken back."""

import re
from pathlib import Path

from tests.builders.documents import LETTER
from tests.journeys.stage import LINK, SIX_DIGITS, Stage
from tests.journeys.visitor import Visitor

WHY_NOW = "Amara is hard to understand and has stopped joining in."
ADVICE = "Speech assessment, spring"
REFERENCE = re.compile("^REF-")


def write_the_referral(stage: Stage, sendco: Visitor) -> None:
    sendco.open(stage.address(stage.world.sendco, f"/pupils/{stage.world.amara.id}"))
    sendco.click("Refer to an agency")
    # Other worlds have an agency of this name too.
    sendco.page.locator(f"input[value='{stage.world.ashmere.id}']").check()
    sendco.press("Start the referral")
    sendco.fill("Why do you ask now?", WHY_NOW)
    sendco.fill("What would you like the service to do?", "An assessment of her speech.")
    sendco.look("referral-words").press("Save and go back")
    sendco.click("The family reads it and agrees").press("Ask the family").look("referral-waiting")


def the_mother_agrees(stage: Stage, mother: Visitor) -> None:
    mother.open(stage.address(stage.world.mother, "/")).click("Amara").click(re.compile("Say yes or no"))
    mother.shows(WHY_NOW)
    mother.shows(stage.world.ashmere.name)
    mother.choose("Yes, the school may send this").press("Send my answer")


def send_it(stage: Stage, sendco: Visitor) -> None:
    stage.until(sendco, "Family agreed").click("Send it to Ashmere").look("referral-sending")
    sendco.press("Send the referral").look("referral-sent").shows("The link is on its way to the service")


def the_professional_reads(stage: Stage) -> tuple[Visitor, str]:
    """Nothing is shown behind the link alone; a code from the mailbox, a name and a role lead in."""
    link = stage.mailed(stage.world.professional, LINK)
    guest = stage.visitor().open(link).look("agency-link")
    guest.hides("Amara")
    guest.hides("Larkrise")
    guest.press("Send a code to our mailbox")
    guest.fill("Code", stage.mailed(stage.world.professional, SIX_DIGITS))
    guest.fill("Your name", "Maya Lind").fill("Your role", "Speech and language therapist")
    guest.look("agency-code").press("Read the referral").look("agency-referral")
    guest.shows(WHY_NOW)
    return guest, link


def the_professional_answers(stage: Stage, guest: Visitor, folder: Path) -> None:
    guest.click("Accept this referral").fill("How long may the family have to wait?", "18 weeks")
    guest.look("agency-accept").press("Accept the referral")
    file = folder / "advice.pdf"
    file.write_bytes(LETTER)
    guest.click("Send a report").fill("What is this report?", ADVICE)
    guest.page.get_by_label("Choose a file").set_input_files(file)
    guest.press("Send the report")
    stage.until(guest, f"{ADVICE}: checked, the school has it").look("agency-report")


def the_school_shows_the_report(stage: Stage, sendco: Visitor, mother: Visitor) -> None:
    """The family sees it from the moment the school says so, and not before."""
    stage.letter(stage.world.sendco, re.compile("A report has arrived"))
    at_home = mother.open(stage.address(stage.world.mother, "/")).click("Amara").click("Documents")
    at_home.hides(ADVICE)
    stage.until(sendco, ADVICE)
    sendco.shows("Expected wait: 18 weeks")
    sendco.shows("Maya Lind, Speech and language therapist")
    sendco.look("referral-answered").press(re.compile("Show it to the family"))
    sendco.shows("The family can see it.")
    mother.page.reload()
    mother.check().look("family-documents").shows(ADVICE)


def the_mother_takes_it_back(stage: Stage, mother: Visitor, guest: Visitor, link: str) -> None:
    """In the same moment link and session are dead, for everybody."""
    mother.click(re.compile("Back to Amara")).click(re.compile("^Sharing")).look("family-sharing")
    mother.click(re.compile("Ashmere")).press("Take back my yes").look("family-withdrawal")
    mother.press("Take back my yes").look("family-withdrawn")
    mother.shows("Nothing more is shared")
    for browser in (guest, stage.visitor()):
        answer = browser.page.goto(link)
        assert answer
        assert answer.status == 410
    answer = guest.page.goto(stage.address(stage.world.professional, "/referral"))
    assert answer
    assert answer.status == 410
    guest.check().look("agency-closed")
    guest.hides("Amara")


def the_family_sees_who_looked(stage: Stage, mother: Visitor) -> None:
    mother.open(stage.address(stage.world.mother, "/")).click("Amara").click(re.compile("^Who has looked"))
    mother.look("family-readers")
    mother.shows("Larkrise Primary", stage.world.thornbeck.name, stage.world.ashmere.name)
