"""Many who decide in the same moment give exactly what there is, and each item one decision."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from tests.builders import panels
from tests.world import World


def test_twenty_decisions_at_once_give_exactly_what_there_is(world: World, meeting_id: UUID) -> None:
    """Ten times £100 is £1,000: ten succeed, ten are told what is left, and the fund ends at nothing."""
    fund_id = panels.fund(world, 1_000_00)
    item_ids = [panels.item(world, meeting_id=meeting_id, amount_pence=100_00) for _ in range(20)]
    browsers = [world.browser(world.chair) for _ in item_ids]
    for browser in browsers:
        browser.get("/meetings")

    def decide(place: int) -> tuple[int, str]:
        response = browsers[place].post(
            f"/items/{item_ids[place]}/decision", panels.ruling(fund_id, "100", 1)
        )
        return response.status_code, response.text

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(decide, range(20)))
    assert sorted(status for status, _ in answers) == [303] * 10 + [422] * 10
    assert all("The fund has £0 left" in page for status, page in answers if status == 422)
    assert panels.balance(world, fund_id) == 0
    entries = world.rows("select * from fund_entry where fund_id = %s order by number", fund_id)
    assert [row.balance_after_pence for row in entries] == list(range(1_000_00, -1, -100_00))
    assert world.scalar("select count(*) from decision where meeting_id = %s", meeting_id) == 10
    assert world.scalar("select count(*) from reply where tenant_id = %s", world.thornbeck.id) == 10


def test_two_who_decide_the_same_item_at_once_decide_it_once(
    world: World, item_id: UUID, fund_id: UUID
) -> None:
    browsers = [world.browser(world.chair) for _ in range(6)]

    def decide(place: int) -> int:
        return (
            browsers[place].post(f"/items/{item_id}/decision", panels.ruling(fund_id, "100", 1)).status_code
        )

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(decide, range(6))) == [303] + [409] * 5
    assert panels.balance(world, fund_id) == 9_900_00
