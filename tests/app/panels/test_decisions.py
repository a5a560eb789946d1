"""The panel decides: by whoever presides, with enough people, for no more than there is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.access import Role
from app.kernel.clock import today
from infrastructure.database.ids import new_id
from tests.builders import panels
from tests.world import Somebody, World

RULING = {
    "outcome": "agree",
    "reason": "The need is clear and the plan is good.",
    "conditions": "Review in July.",
}


@pytest.fixture
def meeting_id(world: World) -> UUID:
    return panels.meeting(world, *panels.full_table(world))


@pytest.fixture
def item_id(world: World, meeting_id: UUID) -> UUID:
    return panels.item(world, meeting_id=meeting_id)


@pytest.fixture
def fund_id(world: World) -> UUID:
    return panels.fund(world)


def money(fund_id: UUID, pounds: str, terms: int = 3) -> dict[str, Any]:
    return RULING | {"amount_pence": pounds, "terms": str(terms), "fund_id": str(fund_id)}


def balance(world: World, fund_id: UUID) -> int:
    return int(world.scalar("select balance_pence from fund where id = %s", fund_id))


def decided(world: World, item_id: UUID) -> list[Any]:
    return world.rows("select * from decision where item_id = %s", item_id)


def test_the_chair_decides_and_the_money_leaves_the_fund(world: World, item_id: UUID, fund_id: UUID) -> None:
    browser = world.browser(world.chair)
    form = browser.get(f"/items/{item_id}/decision/new").text
    assert "£3,120.00 is asked for" in form
    assert "£10,000.00 left" in form
    page = browser.follow(browser.post(f"/items/{item_id}/decision", money(fund_id, "1,000.01"))).text
    for words in (
        "Agreed",
        "£1,000.01 over 3 terms",
        "Review in July.",
        "£333.35",
        "Helen Marsh presiding, 4 members present",
    ):
        assert words in page
    assert balance(world, fund_id) == 8_999_99
    assert world.scalar("select status from panel_item where id = %s", item_id) == "decided"
    parts = world.rows("select * from instalment order by position")
    assert [row.amount_pence for row in parts if row.decision_id == decided(world, item_id)[0].id] == [
        333_35,
        333_33,
        333_33,
    ]
    ledger = world.browser(world.finance).get(f"/funds/{fund_id}").text
    for words in ("Award", "-£1,000.01", "LSS-", "Larkrise Primary", "£333.35"):
        assert words in ledger


def test_payments_follow_the_terms_of_the_locality(world: World, item_id: UUID, fund_id: UUID) -> None:
    for name, days in (("Long term", 10), ("Short term", 100)):
        starts_on = today() + timedelta(days=days)
        dates = {"starts_on": starts_on, "ends_on": starts_on + timedelta(days=60)}
        world.insert("term", tenant_id=world.thornbeck.id, name=name, **dates)
    browser = world.browser(world.chair)
    page = browser.follow(browser.post(f"/items/{item_id}/decision", money(fund_id, "900", 2))).text
    assert page.index("Long term") < page.index("Short term")


def test_the_school_is_sent_what_it_may_read(world: World, item_id: UUID, fund_id: UUID) -> None:
    browser = world.browser(world.chair)
    browser.post(f"/items/{item_id}/votes", {"choice": "agree"})
    browser.post(f"/items/{item_id}/notes", {"words": "Only for us"})
    browser.post(f"/items/{item_id}/decision", money(fund_id, "900", 2))
    reply = world.rows("select * from reply where tenant_id = %s", world.thornbeck.id)[0]
    assert (reply.kind, reply.home_tenant_id, reply.author_name) == (
        "decision",
        world.larkrise.id,
        "Helen Marsh",
    )
    assert reply.content["outcome"] == "agree"
    assert reply.content["amount_pence"] == 900_00
    assert [p["amount_pence"] for p in reply.content["payments"]] == [450_00, 450_00]
    assert "Only for us" not in str(reply.content)
    letter = world.rows(
        "select * from outbox_entry where kind = 'DecisionIssued' and tenant_id = %s", world.thornbeck.id
    )
    assert [row.for_tenant_id for row in letter] == [world.larkrise.id]
    assert letter[0].payload["share_id"] == str(reply.share_id)


def test_a_question_goes_out_as_a_question(world: World, item_id: UUID) -> None:
    answer = {"outcome": "more_information", "reason": "Please send the speech report.", "conditions": ""}
    assert world.browser(world.chair).post(f"/items/{item_id}/decision", answer).status_code == 303
    reply = world.rows("select * from reply where tenant_id = %s", world.thornbeck.id)[0]
    assert (reply.kind, reply.content["reason"]) == ("question", "Please send the speech report.")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"outcome": ""}, "Select what the panel decided"),
        ({"reason": ""}, "Enter why the panel decided this"),
        ({"amount_pence": ""}, "Enter how much the panel awards"),
        ({"amount_pence": "-5"}, "Amount must be pounds and pence"),
        ({"outcome": "decline"}, "Only enter an amount when the panel agrees"),
        ({"fund_id": ""}, "Select the fund that pays"),
        ({"fund_id": "01a20ad7-0747-7d02-bf10-b1afb82a6ec0"}, "Select the fund that pays"),
        ({"terms": ""}, "Enter over how many terms it is paid"),
        ({"terms": "7"}, "Number of terms must be a whole number between 1 and 6"),
        ({"amount_pence": "0.02"}, "at least a penny for each term"),
        ({"amount_pence": "3120.01"}, "Enter why the panel gives more than the £3,120.00 asked for"),
        ({"amount_pence": "10000.01", "more_because": "A move"}, "The fund has £10,000.00 left"),
    ],
)
def test_a_bad_answer_is_explained_and_nothing_is_lost(
    world: World, item_id: UUID, fund_id: UUID, answer: dict[str, str], sentence: str
) -> None:
    response = world.browser(world.chair).post(f"/items/{item_id}/decision", money(fund_id, "900") | answer)
    assert response.status_code == 422
    assert sentence in response.text
    assert "Review in July." in response.text
    assert decided(world, item_id) == []
    assert balance(world, fund_id) == 10_000_00
    assert world.events() <= {"LssRequestSubmitted"}


def test_more_than_was_asked_is_given_with_a_reason(world: World, item_id: UUID, fund_id: UUID) -> None:
    answer = money(fund_id, "4000") | {"more_because": "The hours cost more than the school knew."}
    assert world.browser(world.chair).post(f"/items/{item_id}/decision", answer).status_code == 303
    assert balance(world, fund_id) == 6_000_00


def test_a_decision_is_made_once(world: World, item_id: UUID, fund_id: UUID) -> None:
    browser = world.browser(world.chair)
    answer = money(fund_id, "900") | {"idempotency_key": str(new_id())}
    for _ in range(2):
        assert browser.post(f"/items/{item_id}/decision", answer).status_code == 303
    again = browser.post(f"/items/{item_id}/decision", money(fund_id, "900"))
    assert again.status_code == 409
    assert "already decided" in again.text
    assert balance(world, fund_id) == 9_100_00


@pytest.mark.parametrize("who", ["clerk", "member", "area_lead", "finance"])
def test_nobody_else_can_record_a_decision(world: World, item_id: UUID, who: str) -> None:
    assert world.browser(getattr(world, who)).post(f"/items/{item_id}/decision", RULING).status_code == 403


def test_the_vice_chair_presides_only_in_the_chairs_place(
    world: World, meeting_id: UUID, item_id: UUID
) -> None:
    of_the_chairs_school = panels.item(world, world.noor, meeting_id)
    vice, advice = world.browser(world.vice_chair), RULING | {"outcome": "decline"}
    refused = vice.post(f"/items/{item_id}/decision", advice)
    assert refused.status_code == 409
    assert "Somebody else presides" in refused.text
    assert "Helen Marsh presides over this request" in vice.get(f"/items/{item_id}/decision/new").text
    assert (
        world.browser(world.chair).post(f"/items/{of_the_chairs_school}/decision", advice).status_code == 404
    )
    assert vice.post(f"/items/{of_the_chairs_school}/decision", advice).status_code == 303


def test_the_vice_chair_presides_when_the_chair_is_away(world: World) -> None:
    meeting_id = panels.meeting(world, world.vice_chair, world.member, world.third_member)
    item_id = panels.item(world, meeting_id=meeting_id)
    decline = RULING | {"outcome": "decline"}
    assert world.browser(world.chair).post(f"/items/{item_id}/decision", decline).status_code == 409
    assert world.browser(world.vice_chair).post(f"/items/{item_id}/decision", decline).status_code == 303


def test_quorum_is_counted_again_for_each_item(world: World) -> None:
    """Three are here; for Larkrise one of them has a conflict, for Millbrook it is the chair."""
    meeting_id = panels.meeting(world, world.chair, world.vice_chair, world.conflicted_member)
    larkrise, millbrook = (
        panels.item(world, meeting_id=meeting_id),
        panels.item(world, world.noor, meeting_id),
    )
    chair, decline = world.browser(world.chair), RULING | {"outcome": "decline"}
    refused = chair.post(f"/items/{larkrise}/decision", decline)
    assert refused.status_code == 409
    assert "2 people are present without a conflict of interest and 3 are needed" in refused.text
    assert "defer this request" in chair.get(f"/items/{larkrise}/decision/new").text
    panels.arrive(world, meeting_id, world.member)
    assert chair.post(f"/items/{larkrise}/decision", decline).status_code == 303
    assert world.browser(world.vice_chair).post(f"/items/{millbrook}/decision", decline).status_code == 303
    assert [
        row.present for row in world.rows("select present from decision where meeting_id = %s", meeting_id)
    ] == [3, 3]


def test_an_item_without_quorum_is_deferred(world: World) -> None:
    item_id = panels.item(world, meeting_id=panels.meeting(world, world.chair))
    browser = world.browser(world.chair)
    assert (
        "1 person is present"
        in browser.post(f"/items/{item_id}/decision", RULING | {"outcome": "decline"}).text
    )
    assert browser.post(f"/items/{item_id}/deferral").status_code == 303
    assert world.scalar("select status from panel_item where id = %s", item_id) == "deferred"
    assert world.browser(world.member).post(f"/items/{item_id}/deferral").status_code == 403


def test_twenty_decisions_at_once_give_exactly_what_there_is(world: World, meeting_id: UUID) -> None:
    """Ten times £100 is £1,000: ten succeed, ten are told what is left, and the fund ends at nothing."""
    fund_id = panels.fund(world, 1_000_00)
    item_ids = [panels.item(world, meeting_id=meeting_id, amount_pence=100_00) for _ in range(20)]
    browsers = [world.browser(world.chair) for _ in item_ids]
    for browser in browsers:
        browser.get("/meetings")

    def decide(place: int) -> tuple[int, str]:
        response = browsers[place].post(f"/items/{item_ids[place]}/decision", money(fund_id, "100", 1))
        return response.status_code, response.text

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(decide, range(20)))
    assert sorted(status for status, _ in answers) == [303] * 10 + [422] * 10
    assert all("The fund has £0.00 left" in page for status, page in answers if status == 422)
    assert balance(world, fund_id) == 0
    entries = world.rows("select * from fund_entry where fund_id = %s order by number", fund_id)
    assert [row.balance_after_pence for row in entries] == list(range(1_000_00, -1, -100_00))
    assert world.scalar("select count(*) from decision where meeting_id = %s", meeting_id) == 10
    assert world.scalar("select count(*) from reply where tenant_id = %s", world.thornbeck.id) == 10


def test_two_who_decide_the_same_item_at_once_decide_it_once(
    world: World, item_id: UUID, fund_id: UUID
) -> None:
    browsers = [world.browser(world.chair) for _ in range(6)]

    def decide(place: int) -> int:
        return browsers[place].post(f"/items/{item_id}/decision", money(fund_id, "100", 1)).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(decide, range(6))) == [303] + [409] * 5
    assert balance(world, fund_id) == 9_900_00


DECIDE = """insert into decision (tenant_id, id, home_tenant_id, item_id, share_id, meeting_id, outcome, reason, present,
    decided_by {more_names}) select tenant_id, gen_random_uuid(), home_tenant_id, id, share_id, meeting_id, 'agree', 'x',
    99, :person {more} from panel_item"""


def _force(
    world: World, who: Somebody, *, person: Somebody | None = None, names: str = "", more: str = ""
) -> None:
    with world.acting(who) as session:
        session.execute(text(DECIDE.format(more_names=names, more=more)), {"person": (person or who).id})


def test_postgresql_keeps_the_rules_of_the_table_whatever_the_pages_do(
    world: World, item_id: UUID, fund_id: UUID
) -> None:
    award, columns = f", '{fund_id}', 100, 1", ", fund_id, amount_pence, terms"
    with pytest.raises(DBAPIError, match="somebody else presides"):
        _force(world, world.vice_chair)
    with pytest.raises(DBAPIError, match="row-level security"):
        _force(world, world.vice_chair, person=world.chair)
    with pytest.raises(DBAPIError, match="row-level security"):
        _force(world, replace(world.chair, roles=frozenset({Role.CLERK})))
    with pytest.raises(DBAPIError, match="the instalments are not the award"):
        _force(world, world.chair, names=columns, more=award)
    with pytest.raises(DBAPIError, match="more than was asked"):
        _force(world, world.chair, names=columns, more=f", '{fund_id}', 999999999, 1")
    with pytest.raises(DBAPIError, match="row-level security"), world.acting(world.chair) as session:
        session.execute(text("update panel_item set status = 'decided'"))
    with pytest.raises(DBAPIError, match="row-level security"), world.acting(world.vice_chair) as session:
        session.execute(text("update panel_item set meeting_id = null, status = 'waiting'"))
    with pytest.raises(DBAPIError, match="permission denied"), world.acting(world.chair) as session:
        session.execute(text("update panel_item set amount_pence = 1"))
    world.execute("delete from attendance where person_id = %s", world.member.id)
    world.execute("delete from attendance where person_id = %s", world.third_member.id)
    with pytest.raises(DBAPIError, match="too few are present"):
        _force(world, world.chair)
    assert decided(world, item_id) == []
    panels.arrive(
        world, world.scalar("select meeting_id from panel_item where id = %s", item_id), world.member
    )
    _force(world, world.chair)
    assert decided(world, item_id)[0].present == 3


def test_a_chair_cannot_count_heads_or_issue_what_was_not_decided(world: World, item_id: UUID) -> None:
    arrive = """insert into attendance (tenant_id, id, meeting_id, person_id, recorded_by)
        select tenant_id, gen_random_uuid(), meeting_id, :person, ctx.person() from panel_item"""
    forge = """insert into reply (tenant_id, id, home_tenant_id, share_id, kind, content, person_id, author_name)
        select tenant_id, gen_random_uuid(), home_tenant_id, share_id, 'decision', '{"outcome": "agree"}', ctx.person(),
        'Me' from panel_item"""
    for who in (world.chair, world.vice_chair):
        with pytest.raises(DBAPIError, match="row-level security"), world.acting(who) as session:
            session.execute(text(arrive), {"person": world.area_lead.id})
    for who in (world.chair, world.clerk):
        with pytest.raises(DBAPIError, match="no decision says this"), world.acting(who) as session:
            session.execute(text(forge))


def test_a_withdrawn_request_cannot_be_decided(world: World, item_id: UUID) -> None:
    world.execute(
        "update share set revoked_at = now(), revoked_because = 'x' where id = (select share_id from panel_item where id = %s)",
        item_id,
    )
    refused = world.browser(world.chair).post(f"/items/{item_id}/decision", RULING | {"outcome": "decline"})
    assert refused.status_code == 409
    assert "has been withdrawn" in refused.text
    with pytest.raises(DBAPIError), world.acting(world.chair) as session:
        session.execute(text(DECIDE.format(more_names="", more="")), {"person": world.chair.id})


def test_a_meeting_that_is_over_decides_nothing(world: World, meeting_id: UUID, item_id: UUID) -> None:
    world.execute("update meeting set status = 'closed' where id = %s", meeting_id)
    browser = world.browser(world.chair)
    refused = browser.post(f"/items/{item_id}/decision", RULING | {"outcome": "decline"})
    assert refused.status_code == 409
    assert "This meeting is over" in refused.text
    with pytest.raises(DBAPIError, match="not on this agenda"):
        _force(world, world.chair)
    assert browser.post(f"/items/{item_id}/deferral").status_code == 303
