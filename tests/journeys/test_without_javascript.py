"""Families and agencies need no scripts: everything that they do goes through plain pages."""

import re
from pathlib import Path

import pytest

from tests.builders import lss, plans, referrals
from tests.builders.documents import LETTER
from tests.builders.referrals import Sent
from tests.journeys.stage import SIX_DIGITS, Stage
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_parent_signs_in_reads_the_plan_agrees_and_says_what_they_think(plain_stage: Stage) -> None:
    plans.shared_plan(plain_stage.world, plain_stage.world.amara)
    mother = plain_stage.family_sign_in(plain_stage.world.mother).click("Amara")
    mother.click("Read the new plan").shows("Tell a story in order", "Talk about the day at tea time")
    mother.press("Send my answer").shows("There is a problem")
    mother.choose("Yes, I agree with the plan").fill("Is there anything you want to say?", "Thank you.")
    mother.press("Send my answer").shows("The school has your answer", "This is the plan now", "Thank you.")
    mother.click("Back to Amara").click("What you think").fill(
        "What do you want to say?", "She sleeps badly."
    )
    mother.press("Send to the school").shows("She sleeps badly.")
    mother.press("Sign out").shows("Sign in to see your child’s plan")


def test_a_parent_says_no_and_another_says_yes_and_takes_it_back(plain_stage: Stage) -> None:
    world = plain_stage.world
    _, ask_id = lss.asked_request(world, world.amara)
    answered = "select given from consent where ask_id = %s order by given"
    father = plain_stage.family_sign_in(world.father)
    _answer(father, "No, do not send this").shows("You said no")
    mother = plain_stage.family_sign_in(world.mother)
    _answer(mother, "Yes, the school may send this").shows("You said yes")
    assert [row.given for row in world.rows(answered, ask_id)] == [False, True]
    mother.press("Take back my yes").press("Take back my yes").shows("Nothing more is shared")
    assert world.scalar("select count(*) from consent_withdrawal where pupil_id = %s", world.amara.id) == 1


def test_a_professional_opens_the_link_answers_and_sends_a_report(plain_stage: Stage, tmp_path: Path) -> None:
    sent = referrals.sent_referral(plain_stage.world, plain_stage.world.amara)
    guest = _come_in(plain_stage, sent)
    guest.shows(referrals.WORDS["why_now"], "You are signed in as Maya Lind")
    guest.press("We have received this").shows("The school knows that you have received it")
    guest.click("Ask the school a question").fill(
        "What do you need to know?", "Has her hearing been checked?"
    )
    guest.press("Send the question").shows("Has her hearing been checked?")
    guest.click("Accept this referral").fill("How long", "18 weeks").press("Accept the referral").shows(
        "18 weeks"
    )
    file = tmp_path / "advice.pdf"
    file.write_bytes(LETTER)
    guest.click("Send a report").fill("What is this report?", "Assessment")
    guest.page.get_by_label("Choose a file").set_input_files(file)
    plain_stage.until(guest.press("Send the report"), "Assessment: checked, the school has it")
    plain_stage.letter(plain_stage.world.sendco, re.compile("A report has arrived"))
    kinds = plain_stage.world.rows("select kind from reply where share_id = %s", sent.share_id)
    assert {row.kind for row in kinds} == {"acknowledged", "question", "accepted", "report"}


def _answer(parent: Visitor, words: str) -> Visitor:
    parent.click("Amara").click(re.compile("Say yes or no")).shows(lss.WORDS["why_now"])
    return parent.choose(words).press("Send my answer")


def _come_in(stage: Stage, sent: Sent) -> Visitor:
    guest = stage.visitor().open(f"http://agency.{stage.world.domain}{sent.path}").hides("Amara", "Larkrise")
    guest.press("Send a code to our mailbox")
    guest.fill("Code", "000 000").fill("Your name", "Maya Lind").fill("Your role", "Therapist")
    guest.press("Read the referral").shows("There is a problem", "That code is not right").hides("Amara")
    guest.fill("Code", stage.mailed(stage.world.professional, SIX_DIGITS))
    return guest.press("Read the referral")
