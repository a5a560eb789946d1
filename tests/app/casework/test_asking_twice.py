"""The family is asked once about each version, whoever presses the button again."""

from uuid import UUID

import pytest

from tests.builders import lss, referrals
from tests.world import World


def draft(world: World, room: str) -> tuple[UUID, str]:
    """A complete draft, and the address of its button."""
    if room == "referral":
        made = referrals.draft_referral(world, world.amara)
        return made, f"/referrals/{made}/consent-ask"
    made = lss.draft_request(world, world.amara, kind="discussion", amount_pence=None, terms=None)
    return made, f"/lss/requests/{made}/consent-ask"


@pytest.mark.parametrize("table", ["lss_request", "referral"])
def test_asking_the_family_twice_is_a_conflict_and_the_first_question_stays_open(
    world: World, table: str
) -> None:
    case_id, button = draft(world, table)
    sendco, now = world.browser(world.sendco), f"select version, ask_id, status from {table} where id = %s"
    assert sendco.post(button, {"version": "1"}).status_code == 303
    asked = world.rows(now, case_id)
    again = sendco.post(button, {"version": str(asked[0].version)})
    assert again.status_code == 409
    assert "The family has already been asked about this" in again.text
    assert sendco.post(button, {"version": "1"}).status_code == 409
    assert world.rows(now, case_id) == asked
    asks = world.rows("select id, closed_at from consent_ask where subject_id = %s", case_id)
    assert asks == [(asked[0].ask_id, None)]
