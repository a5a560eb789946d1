"""The whole story in a browser, on real processes: a school asks, a parent agrees, a panel decides, an agency answers."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.kernel.clock import today
from tests.builders.plans import agreed_plan, reviewed_plan
from tests.journeys import asking_an_agency as agency
from tests.journeys import asking_the_locality as asking
from tests.journeys import panel_at_work as panel
from tests.journeys.stage import Stage
from tests.mailbox import text_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def test_a_school_asks_a_parent_agrees_a_panel_decides_and_an_agency_answers(
    stage: Stage, tmp_path: Path
) -> None:
    tell_the_story(stage, tmp_path)
    for mail in stage.world.mails():
        said = f"{mail['Subject']}\n{text_of(mail)}\n{mail.as_string()}"
        assert not asking.NEVER_IN_A_MAIL.search(said), said


def tell_the_story(stage: Stage, folder: Path) -> None:
    world = stage.world
    for weeks in (24, 12):
        reviewed_plan(world, world.amara, held_on=today() - timedelta(weeks=weeks))
    agreed_plan(world, world.amara)
    sendco = asking.open_the_record(stage)
    asking.add_evidence(stage, sendco, folder)
    asking.write_down_what_the_child_says(stage, sendco)
    asking.write_the_request(stage, sendco)
    asking.ask_the_family(sendco)
    mother = asking.the_mother_agrees(stage)
    asking.the_head_authorises(stage, sendco)
    panel.finance_opens_a_fund(stage)
    clerk = panel.the_clerk_calls_a_meeting(stage)
    panel.members_read_and_vote(stage)
    panel.the_conflicted_member_may_not_look(stage, clerk)
    panel.the_chair_decides(stage)
    asking.the_school_and_the_mother_hear(stage, sendco, mother)
    agency.write_the_referral(stage, sendco)
    agency.the_mother_agrees(stage, mother)
    agency.send_it(stage, sendco)
    guest, link = agency.the_professional_reads(stage)
    agency.the_professional_answers(stage, guest, folder)
    agency.the_school_shows_the_report(stage, sendco, mother)
    agency.the_mother_takes_it_back(stage, mother, guest, link)
    agency.the_family_sees_who_looked(stage, mother)
