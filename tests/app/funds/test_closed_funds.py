"""Whoever takes no part in a request cannot work out what it was given: not by a balance, a number or a total."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders import panels
from tests.world import Somebody, World

CLOSED = "about a request you take no part in, so we do not show the balance"
AWARD, LEFT = "1,234.56", "8,815.44"
READERS = ["clerk", "chair", "vice_chair", "area_lead", "finance"]


@pytest.fixture
def item_id(world: World) -> UUID:
    """The request that is hidden from whoever a test recuses."""
    return panels.item(world, meeting_id=panels.meeting(world, *panels.full_table(world)))


@pytest.fixture
def fund_id(world: World, item_id: UUID) -> UUID:
    """£10,000 in, £1,234.56 awarded for the request, £50 in: £8,815.44 left."""
    fund_id = panels.fund(world)
    panels.award(world, item_id, fund_id, 1_234_56)
    world.browser(world.finance).post(f"/funds/{fund_id}/entries", {"amount_pence": "50", "note": "A gift"})
    return fund_id


def recuse(world: World, item_id: UUID, who: str) -> Somebody:
    person: Somebody = getattr(world, who)
    panels.recuse(world, item_id, person)
    return person


def first_entry(world: World, fund_id: UUID) -> str:
    entry_id = world.scalar("select id from fund_entry where fund_id = %s and number = 1", fund_id)
    return f"/funds/{fund_id}/entries/{entry_id}/correction"


@pytest.mark.parametrize("who", READERS)
def test_a_recused_reader_finds_no_sum_that_would_tell_the_award(
    world: World, item_id: UUID, fund_id: UUID, who: str
) -> None:
    browser, pages = world.browser(getattr(world, who)), ("/funds", f"/funds/{fund_id}")
    for page in pages:
        assert LEFT in browser.get(page).text
        assert CLOSED not in browser.get(page).text
    recuse(world, item_id, who)
    for page in pages:
        closed = browser.get(page).text
        assert CLOSED in closed
        for told in (AWARD, LEFT, "£10,050"):
            assert told not in closed
    assert LEFT in world.browser(world.clerk if who != "clerk" else world.chair).get("/funds").text


def test_the_ledger_of_a_closed_fund_has_neither_numbers_nor_what_was_left(
    world: World, item_id: UUID, fund_id: UUID
) -> None:
    address = first_entry(world, fund_id)
    answer = {"direction": "put_back", "amount_pence": "1", "note": "A pound too little"}
    whole = world.browser(world.clerk).get(f"/funds/{fund_id}").text
    browser = world.browser(recuse(world, item_id, "finance"))
    assert browser.post(address, answer).status_code == 303
    closed = browser.get(f"/funds/{fund_id}").text
    for shown in ("Opened with", "£10,000", "A gift", "£50", "A pound too little"):
        assert shown in closed
    for heading in (">Entry<", ">Left<"):
        assert heading in whole
        assert heading not in closed
    assert "entry 1" not in closed
    assert "Correction of entry 1" in world.browser(world.clerk).get(f"/funds/{fund_id}").text


def test_a_fund_that_paid_for_nothing_hidden_stays_open(world: World, item_id: UUID, fund_id: UUID) -> None:
    panels.fund(world, 777_00, "Early help")
    page = world.browser(recuse(world, item_id, "finance")).get("/funds").text
    assert "£777" in page
    assert CLOSED in page
    assert LEFT not in page


@pytest.mark.parametrize("who", READERS)
def test_postgresql_gives_no_balance_to_anybody_and_no_whole_sum_to_the_recused(
    world: World, item_id: UUID, fund_id: UUID, who: str
) -> None:
    person = getattr(world, who)
    for column, table in (
        ("balance_pence", "fund"),
        ("version", "fund"),
        ("balance_after_pence", "fund_entry"),
    ):
        with pytest.raises(DBAPIError, match="permission denied"), world.acting(person) as session:
            session.execute(text(f"select {column} from {table}"))
    with world.acting(person) as session:
        assert session.scalar(text("select sum(amount_pence) from fund_entry")) == 8_815_44
        assert session.scalars(text("select ctx.closed_funds()")).all() == []
    recuse(world, item_id, who)
    with world.acting(person) as session:
        assert session.scalar(text("select sum(amount_pence) from fund_entry")) == 10_050_00
        assert session.scalar(text("select count(*) from instalment")) == 0
        assert session.scalars(text("select ctx.closed_funds()")).all() == [fund_id]


def test_an_entry_does_not_say_what_it_left_to_whoever_writes_it(
    world: World, item_id: UUID, fund_id: UUID
) -> None:
    write = """insert into fund_entry (tenant_id, id, fund_id, number, kind, amount_pence, balance_after_pence, person_id)
        select tenant_id, gen_random_uuid(), id, 1, 'top_up', 1, 0, ctx.person() from fund"""
    finance = recuse(world, item_id, "finance")
    with (
        pytest.raises(DBAPIError, match="permission denied"),
        world.acting(finance) as session,
    ):
        session.execute(text(f"{write} returning balance_after_pence"))
    with world.acting(finance) as session:
        session.execute(text(write))
    assert panels.balance(world, fund_id) == 8_815_45


def test_finance_with_a_conflict_pays_in_and_takes_nothing_out(
    world: World, item_id: UUID, fund_id: UUID
) -> None:
    """Whoever may try to take out too much is told, by halves, how much there is."""
    browser, address = world.browser(recuse(world, item_id, "finance")), first_entry(world, fund_id)
    for page in (f"/funds/{fund_id}/entries/new", f"{address}/new"):
        text_of_page = browser.get(page).text
        assert CLOSED in text_of_page
        assert LEFT not in text_of_page
    for pounds in ("1", "9000"):
        answer = {"direction": "take_out", "amount_pence": pounds, "note": "Typed twice"}
        refused = browser.post(address, answer)
        assert refused.status_code == 422
        assert "Ask a colleague in finance to take money out of this fund" in refused.text
        assert "Typed twice" in refused.text
    assert browser.post(address, answer | {"direction": "put_back", "amount_pence": "1"}).status_code == 303
    paid_in = {"amount_pence": "2", "note": "Found"}
    assert browser.post(f"/funds/{fund_id}/entries", paid_in).status_code == 303
    assert panels.balance(world, fund_id) == 8_818_44


def test_postgresql_lets_no_recused_finance_take_money_out(
    world: World, item_id: UUID, fund_id: UUID
) -> None:
    take = """insert into fund_entry (tenant_id, id, fund_id, number, kind, amount_pence, balance_after_pence, person_id,
            corrects_id, note)
        select tenant_id, gen_random_uuid(), fund_id, 1, 'correction', -1, 0, ctx.person(), id, 'x' from fund_entry
        where number = 1"""
    with world.acting(world.finance) as session:
        session.execute(text(take))
    recuse(world, item_id, "finance")
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        world.acting(world.finance) as session,
    ):
        session.execute(text(take))


def test_the_totals_of_the_area_send_lead_leave_out_what_they_take_no_part_in(world: World) -> None:
    meeting_id = panels.meeting(world)
    last = [panels.item(world, meeting_id=meeting_id, amount_pence=100_00) for _ in range(6)][-1]
    totals = text("select items, asked_pence from ctx.panel_totals()")
    with world.acting(world.area_lead) as session:
        assert session.execute(totals).all() == [(6, 600_00)]
    panels.recuse(world, last, world.area_lead)
    with world.acting(world.area_lead) as session:
        assert session.execute(totals).all() == [(5, 500_00)]
