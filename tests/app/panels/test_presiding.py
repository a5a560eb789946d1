"""Who decides: the chair or, away or with a conflict, the vice-chair, while enough are there for this very item."""

from uuid import UUID

import pytest
from sqlalchemy import text

from tests.builders import panels
from tests.world import World


@pytest.mark.parametrize("who", ["clerk", "member", "area_lead", "finance"])
def test_nobody_else_can_record_a_decision(world: World, item_id: UUID, who: str) -> None:
    assert (
        world.browser(getattr(world, who)).post(f"/items/{item_id}/decision", panels.RULING).status_code
        == 403
    )


def test_the_vice_chair_presides_only_in_the_chairs_place(
    world: World, meeting_id: UUID, item_id: UUID
) -> None:
    of_the_chairs_school = panels.item(world, world.noor, meeting_id)
    vice, advice = world.browser(world.vice_chair), panels.RULING | {"outcome": "decline"}
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
    decline = panels.RULING | {"outcome": "decline"}
    assert world.browser(world.chair).post(f"/items/{item_id}/decision", decline).status_code == 409
    assert world.browser(world.vice_chair).post(f"/items/{item_id}/decision", decline).status_code == 303


def test_quorum_is_counted_again_for_each_item(world: World) -> None:
    """Three are here; for Larkrise one of them has a conflict, for Millbrook it is the chair."""
    meeting_id = panels.meeting(world, world.chair, world.vice_chair, world.conflicted_member)
    larkrise, millbrook = (
        panels.item(world, meeting_id=meeting_id),
        panels.item(world, world.noor, meeting_id),
    )
    chair, decline = world.browser(world.chair), panels.RULING | {"outcome": "decline"}
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
        in browser.post(f"/items/{item_id}/decision", panels.RULING | {"outcome": "decline"}).text
    )
    assert browser.post(f"/items/{item_id}/deferral").status_code == 303
    assert world.scalar("select status from panel_item where id = %s", item_id) == "deferred"
    assert world.browser(world.member).post(f"/items/{item_id}/deferral").status_code == 403


@pytest.mark.parametrize(("pence", "said"), [(10_000_00, "Enough left"), (4_000_00, "Not enough left")])
def test_a_presider_with_a_conflict_elsewhere_learns_whether_it_is_enough_and_no_sum(
    world: World, meeting_id: UUID, item_id: UUID, pence: int, said: str
) -> None:
    """The chair's own school was given £1,234.56. What is left of the fund would tell them; £3,120 is asked for here."""
    fund_id = panels.fund(world, pence)
    chair, form = world.browser(world.chair), f"/items/{item_id}/decision/new"
    assert f"£{pence // 100:,} left" in chair.get(form).text
    panels.award(world, panels.item(world, world.noor, meeting_id), fund_id, 1_234_56)
    page = chair.get(form).text
    assert f"{said} for what is asked for" in page
    assert "about a request you take no part in, so we do not show the balance" in page
    left = f"{(pence - 1_234_56) / 100:,.2f}"
    assert left not in page
    too_much = panels.ruling(fund_id, "9,000") | {"more_because": "A move."}
    refused = chair.post(f"/items/{item_id}/decision", too_much)
    assert refused.status_code == 422
    assert "The fund does not have that much left" in refused.text
    assert left not in refused.text
    assert f"£{left}" in world.browser(world.vice_chair).get("/funds").text


def test_only_a_presider_asks_whether_it_is_enough_and_only_for_what_a_school_asked(
    world: World, meeting_id: UUID, item_id: UUID, fund_id: UUID
) -> None:
    enough = text("select ctx.funds_covering(:item)")
    of_the_chairs_school = panels.item(world, world.noor, meeting_id)
    decided = panels.item(world, world.idris, meeting_id)
    panels.award(world, decided, fund_id, 1_00)
    for who, item, seen in (
        (world.chair, item_id, [fund_id]),
        (world.chair, of_the_chairs_school, []),
        (world.vice_chair, of_the_chairs_school, [fund_id]),
        (world.chair, decided, []),
        (world.member, item_id, []),
        (world.clerk, item_id, []),
        (world.finance, item_id, []),
    ):
        with world.acting(who) as session:
            assert session.scalars(enough, {"item": item}).all() == seen, who.name


def test_a_presider_with_a_conflict_elsewhere_still_decides(
    world: World, meeting_id: UUID, item_id: UUID, fund_id: UUID
) -> None:
    panels.award(world, panels.item(world, world.noor, meeting_id), fund_id, 1_234_56)
    given = world.browser(world.chair).post(f"/items/{item_id}/decision", panels.ruling(fund_id, "3,120"))
    assert given.status_code == 303
    assert panels.balance(world, fund_id) == 5_645_44
