"""The rules of a locality: numbered versions, read by its own schools, set by the clerk or the Area SEND Lead."""

import pytest

from app.settings import queries
from app.settings.rules import Gate, Rules
from tests.world import World

ANSWERS = {
    "advice_cycles": "1",
    "school_to_school_cycles": "1",
    "training_cycles": "0",
    "money_cycles": "3",
    "costed": ["money", "training"],
    "quorum": "4",
    "deadline_days": "7",
    "award_terms": "2",
    "seen": "0",
}


def test_a_locality_that_has_set_nothing_goes_by_the_defaults(world: World) -> None:
    with world.acting(world.clerk):
        assert queries.current_rules() == Rules()
    page = world.browser(world.clerk).get("/rules").text
    assert "2 reviews of the plan, and what the help costs now" in page
    assert "Nobody has changed the rules yet" in page


def test_the_clerk_sets_rules_and_the_old_version_stays(world: World) -> None:
    browser = world.browser(world.clerk)
    assert browser.post("/rules", ANSWERS).status_code == 303
    assert browser.post("/rules", ANSWERS | {"quorum": "5", "seen": "1"}).status_code == 303
    kept = world.rows(
        "select number, rules ->> 'quorum' as quorum from locality_rules where tenant_id = %s order by number",
        world.thornbeck.id,
    )
    assert [tuple(row) for row in kept] == [(1, "4"), (2, "5")]
    assert "Joan Fell" in browser.get("/rules").text


def test_a_school_reads_the_rules_of_its_own_locality_and_of_no_other(world: World) -> None:
    world.browser(world.area_lead).post("/rules", ANSWERS)
    with world.acting(world.sendco):
        rules = queries.rules_for(world.thornbeck.id)
    assert rules.gate("money") == Gate(reviewed_cycles=3, costed_provision=True)
    assert rules.gate("discussion") == Gate()
    assert (rules.quorum, rules.deadline_days, rules.award_terms) == (4, 7, 2)
    world.execute("update tenant set locality_id = null where id = %s", world.larkrise.id)
    with world.acting(world.sendco):
        assert queries.rules_for(world.thornbeck.id) == Rules()


def test_single_answers_are_kept_under_their_own_names(world: World) -> None:
    world.browser(world.clerk).post("/rules", ANSWERS)
    assert (
        world.scalar("select rules -> 'quorum' from locality_rules where tenant_id = %s", world.thornbeck.id)
        == 4
    )
    gate = world.scalar(
        "select rules -> 'evidence' -> 'money' from locality_rules where tenant_id = %s", world.thornbeck.id
    )
    assert gate == {"reviewed_cycles": 3, "costed_provision": True}


@pytest.mark.parametrize("who", ["chair", "vice_chair", "member", "finance"])
def test_nobody_else_reads_or_sets_them_here(world: World, who: str) -> None:
    browser = world.browser(getattr(world, who))
    assert browser.get("/rules").status_code == 403
    assert browser.post("/rules", ANSWERS).status_code == 403


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"quorum": "none"}, "Number of people who must be there must be a whole number between 1 and 50"),
        ({"money_cycles": "12"}, "Reviews before money must be a whole number between 0 and 6"),
        ({"award_terms": ""}, "Enter number of terms"),
    ],
)
def test_what_cannot_be_a_rule_is_explained(world: World, change: dict[str, str], sentence: str) -> None:
    response = world.browser(world.clerk).post("/rules", ANSWERS | change)
    assert response.status_code == 422
    assert sentence in response.text
    assert 'value="7"' in response.text


def test_whoever_was_slower_sees_both(world: World) -> None:
    world.browser(world.area_lead).post("/rules", ANSWERS)
    response = world.browser(world.clerk).post("/rules", ANSWERS | {"quorum": "9"})
    assert response.status_code == 409
    assert "At least 4 people" in response.text
    assert 'value="9"' in response.text
    assert (
        world.browser(world.clerk).post("/rules", ANSWERS | {"quorum": "9", "seen": "1"}).status_code == 303
    )
