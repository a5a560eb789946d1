"""The answer of the panel comes home: everybody hears of it together."""

from tests.builders import lss as builders
from tests.builders import sharing as consents
from tests.builders.lss import press, press_ask, row
from tests.mailbox import text_of
from tests.world import World


def test_everybody_who_waits_hears_of_the_decision_together(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    builders.decided(world, sent, world.larkrise.id, outcome="agree_in_part", amount_pence=2_080_00)
    world.run_errands()
    now = row(world, sent.request_id)
    assert (now.status, now.decision["amount_pence"]) == ("decided", 2_080_00)
    told = world.rows(
        "select person_id, audience, path from notification where kind = 'lss_decided' and tenant_id = %s",
        world.larkrise.id,
    )
    assert {one.person_id for one in told} == {
        world.sendco.id,
        world.head.id,
        world.mother.id,
        world.father.id,
        world.carer.id,
    }
    assert {one.path for one in told if one.audience == "family"} == {
        f"/children/{who.links['amara']}" for who in (world.mother, world.father, world.carer)
    }
    page = world.browser(world.sendco).get(f"/lss/requests/{sent.request_id}").text
    assert "Decision: Agreed in part" in page
    assert "£2,080" in page
    assert "EHC" in page
    for mail in world.mails():
        assert "Amara" not in text_of(mail)


def test_a_question_from_the_panel_can_be_answered_with_a_new_version(world: World) -> None:
    sent = builders.submitted_request(world, world.amara, kind="discussion")
    builders.decided(world, sent, world.larkrise.id, outcome="more_information", amount_pence=None)
    world.run_errands()
    assert row(world, sent.request_id).status == "more_information"
    changed = {
        "why_now": "With the new report",
        "tried": "",
        "version": str(row(world, sent.request_id).version),
    }
    browser = world.browser(world.sendco)
    assert browser.post(f"/lss/requests/{sent.request_id}/reasons", changed).status_code == 303
    ask_id = press_ask(world, sent.request_id)
    consents.consented(world, world.amara, ask_id)
    assert press(world, world.head, sent.request_id, "authorisation") == 303
    assert press(world, world.sendco, sent.request_id, "submission") == 303
    assert row(world, sent.request_id).share_id != sent.share_id
    assert world.scalar("select revoked_because from share where id = %s", sent.share_id) == "replaced"
