"""The panel decides and gives no more than there is; the school is sent what it may read."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.kernel.clock import today
from infrastructure.database.ids import new_id
from tests.builders import panels
from tests.world import World


def decided(world: World, item_id: UUID) -> list[Any]:
    return world.rows("select * from decision where item_id = %s", item_id)


def test_the_chair_decides_and_the_money_leaves_the_fund(world: World, item_id: UUID, fund_id: UUID) -> None:
    browser = world.browser(world.chair)
    form = browser.get(f"/items/{item_id}/decision/new").text
    assert "£3,120 is asked for" in form
    assert "£10,000 left" in form
    page = browser.follow(browser.post(f"/items/{item_id}/decision", panels.ruling(fund_id, "1,000.01"))).text
    for words in (
        "Agreed",
        "£1,000.01 over 3 terms",
        "Review in July.",
        "£333.35",
        "Helen Marsh presiding, 4 members present",
    ):
        assert words in page
    assert panels.balance(world, fund_id) == 8_999_99
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
    page = browser.follow(browser.post(f"/items/{item_id}/decision", panels.ruling(fund_id, "900", 2))).text
    assert page.index("Long term") < page.index("Short term")


def test_the_school_is_sent_what_it_may_read(world: World, item_id: UUID, fund_id: UUID) -> None:
    browser = world.browser(world.chair)
    browser.post(f"/items/{item_id}/votes", {"choice": "agree"})
    browser.post(f"/items/{item_id}/notes", {"words": "Only for us"})
    browser.post(f"/items/{item_id}/decision", panels.ruling(fund_id, "900", 2))
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
        ({"amount_pence": "3120.01"}, "Enter why the panel gives more than the £3,120 asked for"),
        ({"amount_pence": "10000.01", "more_because": "A move"}, "The fund has £10,000 left"),
    ],
)
def test_a_bad_answer_is_explained_and_nothing_is_lost(
    world: World, item_id: UUID, fund_id: UUID, answer: dict[str, str], sentence: str
) -> None:
    response = world.browser(world.chair).post(
        f"/items/{item_id}/decision", panels.ruling(fund_id, "900") | answer
    )
    assert response.status_code == 422
    assert sentence in response.text
    assert "Review in July." in response.text
    assert decided(world, item_id) == []
    assert panels.balance(world, fund_id) == 10_000_00
    assert world.events() <= {"LssRequestSubmitted"}


def test_more_than_was_asked_is_given_with_a_reason(world: World, item_id: UUID, fund_id: UUID) -> None:
    answer = panels.ruling(fund_id, "4000") | {"more_because": "The hours cost more than the school knew."}
    assert world.browser(world.chair).post(f"/items/{item_id}/decision", answer).status_code == 303
    assert panels.balance(world, fund_id) == 6_000_00


def test_a_decision_is_made_once(world: World, item_id: UUID, fund_id: UUID) -> None:
    browser = world.browser(world.chair)
    answer = panels.ruling(fund_id, "900") | {"idempotency_key": str(new_id())}
    for _ in range(2):
        assert browser.post(f"/items/{item_id}/decision", answer).status_code == 303
    again = browser.post(f"/items/{item_id}/decision", panels.ruling(fund_id, "900"))
    assert again.status_code == 409
    assert "already decided" in again.text
    assert panels.balance(world, fund_id) == 9_100_00
