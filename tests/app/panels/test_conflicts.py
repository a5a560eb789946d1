"""Whoever has a conflict of interest finds nothing: no item, no papers, no votes, no decision, not even a hint."""

import re
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.access import Role
from infrastructure.database.ids import new_id
from tests.browser import Browser
from tests.builders import panels
from tests.world import World

OWN = {"kind": "family", "reason": "Her grandmother is my neighbour."}
OF_AN_ITEM = (
    "panel_item",
    "share",
    "share_document",
    "vote",
    "panel_note",
    "decision",
    "reply",
    "instalment",
    "fund_entry",
)


def plain(page: str) -> str:
    """A page without what differs from one request to the next."""
    return re.sub(r'value="[0-9a-f-]{32,64}"', "", page)


def test_the_own_school_is_found_by_itself(world: World, meeting_id: UUID) -> None:
    item_id = panels.item(world, meeting_id=meeting_id)
    open_to_her = panels.item(world, world.noor, meeting_id)
    agenda = world.browser(world.conflicted_member).get(f"/meetings/{meeting_id}").text
    assert "1 item is hidden because you have a conflict of interest." in agenda
    assert str(item_id) not in agenda
    assert "Larkrise" not in agenda
    assert str(open_to_her) in agenda
    assert str(item_id) in world.browser(world.member).get(f"/meetings/{meeting_id}").text


def test_a_closed_item_looks_like_one_that_never_was(world: World, meeting_id: UUID) -> None:
    item_id = panels.item(world, meeting_id=meeting_id)
    browser = world.browser(world.conflicted_member)
    document = new_id()
    for path in ("", "/conflict", "/conflicts/new", f"/documents/{document}/content"):
        closed, never = browser.get(f"/items/{item_id}{path}"), browser.get(f"/items/{new_id()}{path}")
        assert closed.status_code == never.status_code == 404
        assert plain(closed.text) == plain(never.text)
    for path, answer in (("votes", {"choice": "agree"}), ("notes", {"words": "x"}), ("conflicts", OWN)):
        assert browser.post(f"/items/{item_id}/{path}", answer).status_code == 404


def test_a_member_declares_after_an_interruption_and_it_holds(world: World, meeting_id: UUID) -> None:
    item_id = panels.item(world, meeting_id=meeting_id)
    browser = world.browser(world.member)
    assert "You cannot undo this" in browser.get(f"/items/{item_id}/conflict").text
    assert browser.get(f"/items/{item_id}/conflicts/new").status_code == 200
    missing = browser.post(f"/items/{item_id}/conflicts", {"kind": "family", "reason": ""})
    assert missing.status_code == 422
    assert "Enter what the conflict of interest is" in missing.text
    assert browser.post(f"/items/{item_id}/conflicts", OWN).status_code == 303
    assert browser.get(f"/items/{item_id}").status_code == 404
    with pytest.raises(DBAPIError, match="permission denied"), world.acting(world.member) as session:
        session.execute(text("delete from recusal"))
    seen = world.browser(world.clerk).get(f"/items/{item_id}").text
    assert "Sunita Rao: Family or friend" in seen


def test_the_clerk_enters_what_a_member_said(world: World, meeting_id: UUID) -> None:
    item_id = panels.item(world, meeting_id=meeting_id)
    browser, address = world.browser(world.clerk), f"/items/{item_id}/recusals"
    assert "Colm Daly" in browser.get(f"{address}/new").text
    answer = OWN | {"person_id": str(world.third_member.id)}
    assert browser.post(address, answer | {"person_id": ""}).status_code == 422
    assert browser.post(address, answer | {"person_id": str(world.finance.id)}).status_code == 422
    assert browser.post(address, answer).status_code == 303
    assert world.browser(world.third_member).get(f"/items/{item_id}").status_code == 404
    assert world.browser(world.member).get(f"/items/{item_id}").status_code == 200
    assert world.browser(world.chair).post(address, answer).status_code == 403


@pytest.mark.parametrize("who", ["conflicted_member", "chair"])
def test_postgresql_itself_shows_nothing_of_the_item(world: World, meeting_id: UUID, who: str) -> None:
    """Everything that can hang on an item is there; the chair is recused too, and sees as little as a member."""
    item_id = panels.item(world, meeting_id=meeting_id)
    panels.fund(world)
    chair, presider = world.browser(world.chair), world.browser(world.vice_chair)
    chair.post(f"/items/{item_id}/notes", {"words": "A note"})
    chair.post(f"/items/{item_id}/conflicts", OWN)
    presider.post(f"/items/{item_id}/votes", {"choice": "agree"})
    _decide(world, presider, item_id)
    with world.acting(world.vice_chair) as session:
        for table in OF_AN_ITEM:
            seen = session.scalar(text(f"select count(*) from {table}"))
            assert seen > 0 or table == "share_document", table
    with world.acting(getattr(world, who)) as session:
        for table in OF_AN_ITEM:
            entries = " where kind = 'award'" if table == "fund_entry" else ""
            assert session.scalar(text(f"select count(*) from {table}{entries}")) == 0, table
        assert session.scalar(text("select count(*) from recusal")) == 0


def test_a_recused_person_reads_no_reason_not_even_their_own(world: World, meeting_id: UUID) -> None:
    item_id = panels.item(world, meeting_id=meeting_id)
    world.browser(world.member).post(f"/items/{item_id}/conflicts", OWN)
    with world.acting(world.vice_chair) as session:
        assert session.scalar(text("select count(*) from recusal")) == 2
    world.browser(world.vice_chair).post(f"/items/{item_id}/conflicts", OWN)
    with world.acting(world.vice_chair) as session:
        assert session.scalar(text("select count(*) from recusal")) == 0
    with pytest.raises(DBAPIError, match="permission denied"), world.acting(world.vice_chair) as session:
        session.execute(text("select home_tenant_id from recusal"))


def test_nobody_recuses_another_but_the_clerk_nor_invents_an_own_school(
    world: World, meeting_id: UUID
) -> None:
    panels.item(world, meeting_id=meeting_id)
    recuse = """insert into recusal (tenant_id, id, home_tenant_id, share_id, person_id, kind, reason, declared_by)
        select tenant_id, gen_random_uuid(), home_tenant_id, share_id, :person, :kind, 'x', ctx.person() from panel_item"""
    for who, person, kind in (
        (world.member, world.chair, "declared"),
        (world.chair, world.vice_chair, "declared"),
        (world.clerk, world.chair, "own_school"),
    ):
        with pytest.raises(DBAPIError, match="row-level security"), world.acting(who) as session:
            session.execute(text(recuse), {"person": person.id, "kind": kind})
    with world.acting(world.clerk) as session:
        session.execute(text(recuse), {"person": world.chair.id, "kind": "declared"})


def test_a_parent_on_the_panel_is_found_even_when_barred(world: World, meeting_id: UUID) -> None:
    """Idris's father may not know; the request about his son must not tell him either."""
    before = panels.item(world, world.idris, meeting_id)
    panels.seat(world, world.barred, Role.MEMBER)
    after = panels.item(world, world.idris, meeting_id)
    kinds = "select distinct kind from recusal where person_id = %s and share_id = (select share_id from panel_item where id = %s)"
    for item_id in (before, after):
        assert [row.kind for row in world.rows(kinds, world.barred.id, item_id)] == ["family"]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CHAIR, Role.CLERK])
def test_a_parent_is_told_what_every_other_conflict_is_told_and_no_more(
    world: World, meeting_id: UUID, role: Role
) -> None:
    """Idris's barred father and somebody of Idris's school see one and the same: not why, not whose, not where from."""
    father = panels.seat(world, world.barred, role)
    colleague = panels.seat(world, world.teacher, role)
    item_id = panels.item(world, world.idris, meeting_id)
    panels.item(world, world.noor, meeting_id)
    for path in ("/", "/meetings", f"/meetings/{meeting_id}", f"/items/{item_id}"):
        fathers, colleagues = (world.browser(who).get(path).text for who in (father, colleague))
        assert plain(fathers).replace(father.name, "") == plain(colleagues).replace(colleague.name, "")
        assert "Idris" not in fathers
    agenda = world.browser(father).get(f"/meetings/{meeting_id}").text
    assert "1 item is hidden because you have a conflict of interest." in agenda
    for who in (father, colleague):
        with world.acting(who) as session:
            assert session.scalar(text("select count(*) from recusal where person_id = ctx.person()")) == 0
            assert len(session.scalars(text("select ctx.my_recusals()")).all()) == 1
    with world.acting(world.vice_chair) as session:
        seen = session.scalars(text("select kind from recusal where person_id = :who"), {"who": father.id})
        assert seen.all() == ["family"]


def test_a_new_colleague_is_found_in_requests_that_are_already_there(world: World, meeting_id: UUID) -> None:
    item_id = panels.item(world, meeting_id=meeting_id)
    browser = world.browser(world.member)
    assert browser.get(f"/items/{item_id}").status_code == 200
    world.insert(
        "membership",
        tenant_id=world.larkrise.id,
        person_id=world.member.id,
        roles=["sendco"],
        status="active",
    )
    assert browser.get(f"/items/{item_id}").status_code == 404


def test_the_vote_of_somebody_who_turns_out_to_have_a_conflict_no_longer_counts(
    world: World, meeting_id: UUID
) -> None:
    item_id = panels.item(world, meeting_id=meeting_id)
    browser = world.browser(world.member)
    browser.post(f"/items/{item_id}/votes", {"choice": "decline"})
    other = world.browser(world.third_member)
    assert _votes(other, item_id, "Decline") == "1"
    browser.post(f"/items/{item_id}/conflicts", OWN)
    assert _votes(other, item_id, "Decline") == "0"


def _votes(browser: Browser, item_id: UUID, choice: str) -> str:
    page = browser.get(f"/items/{item_id}").text
    found = re.search(rf'<th scope="row"[^>]*>{choice}</th>\s*<td[^>]*>(\d+)</td>', page)
    assert found
    return found[1]


def _decide(world: World, browser: Browser, item_id: UUID) -> None:
    fund_id = world.scalar("select id from fund where tenant_id = %s", world.thornbeck.id)
    answer = {
        "outcome": "agree",
        "reason": "Clear.",
        "amount_pence": "100",
        "terms": "2",
        "fund_id": str(fund_id),
    }
    response = browser.post(f"/items/{item_id}/decision", answer)
    assert response.status_code == 303, response.text
