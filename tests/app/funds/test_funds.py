"""Every penny has its reason, and a fund never owes."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.funds.years import choices, said, year_of
from app.kernel.clock import today
from infrastructure.database.ids import new_id
from tests.builders import panels
from tests.world import World

OPENING = {"name": "Locality funding", "year": year_of(today()), "amount_pence": "12,500.50"}


def entry_of(world: World, fund_id: UUID, number: int = 1) -> UUID:
    return UUID(
        str(world.scalar("select id from fund_entry where fund_id = %s and number = %s", fund_id, number))
    )


def test_finance_opens_a_fund_and_the_panel_sees_what_is_left(world: World) -> None:
    browser = world.browser(world.finance)
    assert "There is no fund yet" in browser.get("/funds").text
    page = browser.follow(browser.post("/funds", OPENING))
    assert "£12,500.50" in page.text
    assert f"Locality funding, {said(year_of(today()))}" in page.text
    for who in (world.clerk, world.chair, world.vice_chair, world.area_lead):
        assert "£12,500.50" in world.browser(who).get("/funds").text


def test_a_member_and_a_professional_have_no_business_with_the_fund(world: World) -> None:
    fund_id = panels.fund(world)
    assert world.browser(world.member).get("/funds").status_code == 403
    assert world.browser(world.member).get(f"/funds/{fund_id}").status_code == 403
    with world.acting(world.member) as session:
        assert session.scalar(text("select count(*) from fund")) == 0
        assert session.scalar(text("select count(*) from fund_entry")) == 0
    with world.acting(world.finance) as session:
        assert session.scalar(text("select count(*) from fund_entry")) == 1


@pytest.mark.parametrize("who", ["clerk", "chair", "vice_chair", "area_lead"])
def test_only_finance_writes_into_the_ledger(world: World, who: str) -> None:
    fund_id = panels.fund(world)
    browser = world.browser(getattr(world, who))
    assert browser.get("/funds/new").status_code == 403
    assert browser.post("/funds", OPENING).status_code == 403
    assert browser.post(f"/funds/{fund_id}/entries", {"amount_pence": "1", "note": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"name": ""}, "Enter a name for the fund"),
        ({"year": ""}, "Select the financial year of the fund"),
        ({"year": "1999-00"}, "Select the financial year of the fund"),
        ({"amount_pence": "lots"}, "Amount must be pounds and pence, like 120 or 120.50"),
        ({"amount_pence": "0"}, "The amount must be more than £0"),
    ],
)
def test_a_bad_answer_is_explained_and_nothing_is_lost(
    world: World, answer: dict[str, str], sentence: str
) -> None:
    response = world.browser(world.finance).post("/funds", OPENING | answer)
    assert response.status_code == 422
    assert sentence in response.text
    assert (answer.get("name") or "Locality funding") in response.text or answer == {"name": ""}
    assert world.scalar("select count(*) from fund where tenant_id = %s", world.thornbeck.id) == 0


def test_a_second_fund_of_the_same_name_and_year_is_refused(world: World) -> None:
    browser = world.browser(world.finance)
    browser.post("/funds", OPENING)
    response = browser.post("/funds", OPENING)
    assert response.status_code == 422
    assert "There is already a fund called Locality funding" in response.text


def test_the_same_form_sent_twice_pays_in_once(world: World) -> None:
    fund_id = panels.fund(world, 100_00)
    browser = world.browser(world.finance)
    answer = {"amount_pence": "50", "note": "Carried forward", "idempotency_key": str(new_id())}
    for _ in range(2):
        assert browser.post(f"/funds/{fund_id}/entries", answer).status_code == 303
    assert panels.balance(world, fund_id) == 150_00


def test_the_ledger_shows_each_entry_with_what_it_left(world: World) -> None:
    fund_id = panels.fund(world, 100_00)
    browser = world.browser(world.finance)
    browser.post(f"/funds/{fund_id}/entries", {"amount_pence": "50", "note": "Carried forward"})
    page = browser.get(f"/funds/{fund_id}").text
    assert page.index("£150") < page.index("Opened with")
    assert "Carried forward" in page
    assert "Neil Brandt" in page


def test_a_correction_is_a_new_entry_beside_the_old_one(world: World) -> None:
    fund_id = panels.fund(world, 100_00)
    address = f"/funds/{fund_id}/entries/{entry_of(world, fund_id)}/correction"
    browser = world.browser(world.finance)
    assert "£100" in browser.get(f"{address}/new").text
    answer = {"direction": "take_out", "amount_pence": "10", "note": "Typed a nought too many"}
    page = browser.follow(browser.post(address, answer)).text
    assert "Correction of entry 1" in page
    assert "Opened with" in page
    assert panels.balance(world, fund_id) == 90_00


def test_a_correction_cannot_take_more_than_there_is(world: World) -> None:
    fund_id = panels.fund(world, 100_00)
    address = f"/funds/{fund_id}/entries/{entry_of(world, fund_id)}/correction"
    answer = {"direction": "take_out", "amount_pence": "100.01", "note": "All of it"}
    response = world.browser(world.finance).post(address, answer)
    assert response.status_code == 422
    assert "The fund has £100 left" in response.text
    assert "All of it" in response.text
    assert panels.balance(world, fund_id) == 100_00


def test_a_fund_or_entry_of_nowhere_is_not_found(world: World) -> None:
    fund_id = panels.fund(world)
    browser = world.browser(world.finance)
    for path in (f"/funds/{new_id()}", f"/funds/{fund_id}/entries/{new_id()}/correction/new"):
        assert browser.get(path).status_code == 404


FORGERIES = (
    "update fund set balance_pence = balance_pence + 1",
    "update fund_entry set amount_pence = 1",
    "delete from fund_entry",
    """insert into fund_entry (tenant_id, id, fund_id, number, kind, amount_pence, balance_after_pence, person_id)
       select tenant_id, gen_random_uuid(), id, 1, 'top_up', 100, 0, '{other}' from fund""",
    """insert into fund_entry (tenant_id, id, fund_id, number, kind, amount_pence, balance_after_pence, person_id)
       select tenant_id, gen_random_uuid(), id, 1, 'top_up', -100, 0, ctx.person() from fund""",
    """insert into fund_entry (tenant_id, id, fund_id, number, kind, amount_pence, balance_after_pence, person_id)
       select tenant_id, gen_random_uuid(), id, 1, 'opening', 100, 0, ctx.person() from fund""",
    "insert into fund (tenant_id, id, name, year, balance_pence) values (ctx.tenant(), gen_random_uuid(), 'x', '2026-27', 5)",
)


@pytest.mark.parametrize("forgery", FORGERIES)
def test_postgresql_lets_finance_move_money_in_no_other_way(world: World, forgery: str) -> None:
    fund_id = panels.fund(world, 100_00)
    with pytest.raises(DBAPIError), world.acting(world.finance) as session:
        session.execute(text(forgery.format(other=world.clerk.id)))
    assert panels.balance(world, fund_id) == 100_00


def test_an_entry_that_comes_to_nothing_moves_nothing(world: World) -> None:
    fund_id = panels.fund(world, 100_00)
    with world.acting(world.finance) as session:
        session.execute(
            text("""insert into fund_entry (tenant_id, id, fund_id, number, kind, amount_pence, balance_after_pence,
                    person_id) select tenant_id, id, fund_id, 1, 'top_up', 100, 0, ctx.person() from fund_entry
                    on conflict do nothing""")
        )
    assert panels.balance(world, fund_id) == 100_00


def test_a_financial_year_begins_in_april() -> None:
    assert year_of(date(2027, 3, 31)) == "2026-27"
    assert year_of(date(2027, 4, 1)) == "2027-28"
    assert choices(date(2028, 2, 29)) == ["2027-28", "2028-29"]
    assert said("2099-00") == "2099 to 2100"
