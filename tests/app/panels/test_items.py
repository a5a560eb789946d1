"""A member reads the pack, writes a note and votes once."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from infrastructure.database.ids import new_id
from tests.builders import panels
from tests.world import World


def test_a_member_reads_the_briefing_and_the_family_can_see_who_did(world: World, item_id: UUID) -> None:
    page = world.browser(world.member).get(f"/items/{item_id}").text
    for words in (
        "Amara O, Year 2, Larkrise Primary",
        "£3,120 over 2 terms",
        "Things have become harder since September.",
        "Tell a story in order",
        "Some progress, then some progress",
        "I like it when we use the cards.",
    ):
        assert words in page
    assert "Okonjo" not in page
    read = world.rows("select * from read_log where pupil_id = %s", world.amara.id)
    assert [(row.reader_tenant_id, row.role) for row in read] == [(world.thornbeck.id, "Panel member")]


@pytest.mark.parametrize("who", ["area_lead", "finance"])
def test_who_is_not_of_the_panel_cannot_open_an_item(world: World, item_id: UUID, who: str) -> None:
    browser = world.browser(getattr(world, who))
    for path in ("", "/conflict", "/decision/new", f"/documents/{new_id()}/content"):
        assert browser.get(f"/items/{item_id}{path}").status_code == 403
    with world.acting(getattr(world, who)) as session:
        for table in ("panel_item", "share", "share_document", "vote", "panel_note", "decision", "meeting"):
            assert session.scalar(text(f"select count(*) from {table}")) == 0, table


def test_a_strange_id_is_not_found(world: World) -> None:
    browser = world.browser(world.member)
    for path in ("", "/conflict", f"/documents/{new_id()}/content"):
        assert browser.get(f"/items/{new_id()}{path}").status_code == 404


def test_a_note_is_for_the_panel_alone(world: World, item_id: UUID) -> None:
    browser = world.browser(world.member)
    browser.post(f"/items/{item_id}/notes", {"words": "Ask for the speech report first."})
    page = world.browser(world.chair).get(f"/items/{item_id}").text
    assert "Ask for the speech report first." in page
    assert "Sunita Rao" in page
    empty = browser.post(f"/items/{item_id}/notes", {"words": " "})
    assert empty.status_code == 422
    assert "Enter your note" in empty.text
    assert world.browser(world.clerk).post(f"/items/{item_id}/notes", {"words": "x"}).status_code == 403


def test_a_member_votes_once(world: World, item_id: UUID) -> None:
    browser = world.browser(world.member)
    none = browser.post(f"/items/{item_id}/votes", {})
    assert none.status_code == 422
    assert "Select how you vote" in none.text
    page = browser.follow(browser.post(f"/items/{item_id}/votes", {"choice": "agree"})).text
    assert "You voted: Agree." in page
    again = browser.post(f"/items/{item_id}/votes", {"choice": "decline"})
    assert again.status_code == 409
    assert "You have already voted" in again.text
    assert world.scalar("select count(*) from vote where item_id = %s", item_id) == 1
    assert world.browser(world.clerk).post(f"/items/{item_id}/votes", {"choice": "agree"}).status_code == 403


def test_a_waiting_item_is_not_voted_on(world: World) -> None:
    waiting = panels.item(world)
    refused = world.browser(world.member).post(f"/items/{waiting}/votes", {"choice": "agree"})
    assert refused.status_code == 409
    assert "not on an agenda yet" in refused.text


def test_nobody_votes_in_another_name_or_changes_a_vote(world: World, item_id: UUID) -> None:
    world.browser(world.member).post(f"/items/{item_id}/votes", {"choice": "agree"})
    cast = """insert into vote (tenant_id, id, home_tenant_id, item_id, share_id, person_id, choice)
        select tenant_id, gen_random_uuid(), home_tenant_id, id, share_id, :person, 'agree' from panel_item"""
    for who, person in ((world.chair, world.third_member), (world.clerk, world.clerk)):
        with pytest.raises(DBAPIError, match="row-level security"), world.acting(who) as session:
            session.execute(text(cast), {"person": person.id})
    with pytest.raises(DBAPIError, match="permission denied"), world.acting(world.member) as session:
        session.execute(text("update vote set choice = 'decline'"))
    with world.acting(world.third_member) as session:
        session.execute(text(cast), {"person": world.third_member.id})


def test_a_withdrawn_request_is_gone_at_once(world: World, item_id: UUID) -> None:
    browser = world.browser(world.member)
    browser.post(f"/items/{item_id}/notes", {"words": "She does well with cards."})
    world.execute(
        """insert into consent_withdrawal (tenant_id, id, consent_id, pupil_id, method, said_by)
           select tenant_id, gen_random_uuid(), consent_id, pupil_id, 'phone', 'Her mother' from share
           where id = (select share_id from panel_item where id = %s)""",
        item_id,
    )
    page = browser.get(f"/items/{item_id}").text
    assert "can no longer be opened" in page
    assert "Amara" not in page
    assert "She does well with cards." not in page
    refused = browser.post(f"/items/{item_id}/votes", {"choice": "agree"})
    assert refused.status_code == 409
    assert "has been withdrawn" in refused.text
