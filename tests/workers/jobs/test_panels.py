"""A request that arrives opens one item; those who may know of it are told, and so is the school of the decision."""

from app.kernel.events import record
from app.lss.events import LssRequestSubmitted
from tests.builders import panels
from tests.builders.lss import submitted_request
from tests.world import World


def told(world: World, kind: str) -> set[str]:
    query = """select p.name from notification n join person p on p.id = n.person_id
        where n.kind = %s and n.tenant_id = %s"""
    return {row.name for row in world.rows(query, kind, world.thornbeck.id)}


def test_a_request_opens_one_item_and_tells_who_may_know(world: World) -> None:
    sent = submitted_request(world, world.amara)
    world.run_errands()
    with world.acting(world.sendco):
        event = LssRequestSubmitted(request_id=sent.request_id, share_id=sent.share_id)
        record(event, to=[world.thornbeck.id])
    world.run_errands()
    item = world.rows("select * from panel_item where share_id = %s", sent.share_id)
    assert [(row.reference, row.kind, row.amount_pence, row.status) for row in item] == [
        (sent.reference, "money", 3_120_00, "waiting")
    ]
    assert told(world, "lss_submitted") == {
        "Joan Fell",
        "Helen Marsh",
        "Martin Voss",
        "Sunita Rao",
        "Colm Daly",
    }
    count = "select count(*) from notification where tenant_id = %s and path = %s"
    assert world.scalar(count, world.thornbeck.id, f"/items/{item[0].id}") == 5


def test_a_request_that_was_withdrawn_meanwhile_opens_nothing(world: World) -> None:
    sent = submitted_request(world, world.amara)
    world.execute("update share set revoked_at = now(), revoked_because = 'x' where id = %s", sent.share_id)
    world.run_errands()
    assert world.scalar("select count(*) from panel_item where share_id = %s", sent.share_id) == 0
    assert told(world, "lss_submitted") == set()


def test_the_pack_is_announced_to_those_who_vote(world: World) -> None:
    meeting_id = panels.meeting(world, status="planned")
    panels.item(world, meeting_id=meeting_id)
    world.browser(world.clerk).post(f"/meetings/{meeting_id}/pack")
    world.run_errands()
    assert told(world, "meeting_called") == {
        "Helen Marsh",
        "Martin Voss",
        "Sunita Rao",
        "Colm Daly",
        "Priya Nair",
    }


def test_a_decision_reaches_the_school_and_the_family(world: World) -> None:
    item_id = panels.item(world, meeting_id=panels.meeting(world, *panels.full_table(world)))
    answer = {"outcome": "decline", "reason": "Please try the story group for a term first."}
    assert world.browser(world.chair).post(f"/items/{item_id}/decision", answer).status_code == 303
    world.run_errands()
    request = world.rows("select * from lss_request where tenant_id = %s", world.larkrise.id)[0]
    assert request.status == "decided"
    assert request.decision["reason"] == answer["reason"]
    people = world.rows(
        "select person_id from notification where kind = 'lss_decided' and tenant_id = %s", world.larkrise.id
    )
    assert {world.sendco.id, world.head.id, world.mother.id, world.father.id} <= {
        row.person_id for row in people
    }
