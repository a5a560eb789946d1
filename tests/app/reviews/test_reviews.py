"""A review says how each target went and opens the next plan with what is kept."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.kernel.clock import today
from app.plans import queries as plans
from app.reviews import queries, scale
from tests.builders.plans import agreed_plan, draft_plan, reviewed_plan, shared_plan
from tests.world import World

NEXT = today() + timedelta(days=84)


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def answers(world: World, plan_id: UUID, **changes: Any) -> dict[str, Any]:
    first, second = (
        row.id for row in world.rows("select id from target where plan_id = %s order by position", plan_id)
    )
    return {
        **day("held_on", today()),
        "parent_took_part": "attended",
        f"outcome_{first}": "some_progress", f"evidence_{first}": "Says three things now", f"next_{first}": "keep",
        f"outcome_{second}": "not_delivered", f"evidence_{second}": "", f"next_{second}": "close",
        "child_comment": "I like my cards", "child_method": "interview",
        "parent_comment": "He talks more at home", "summary": "We carry on",
        **day("next_review_on", NEXT),
    } | changes  # fmt: skip


def test_a_review_is_written_and_the_next_plan_keeps_what_was_chosen(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), agreed_plan(world, world.amara)
    assert sendco.get(f"/plans/{plan_id}/review/new").status_code == 200
    sendco.follow(sendco.post(f"/plans/{plan_id}/review", answers(world, plan_id)))
    opened = world.rows(
        "select id, status, next_review_on from plan where number = 2 and pupil_id = %s", world.amara.id
    )[0]
    assert (opened.status, opened.next_review_on.isoformat()) == ("draft", NEXT.isoformat())
    page = sendco.get(f"/plans/{opened.id}").text
    assert "Tell a story in order" in page
    assert "Says three things now" in page
    assert "Ask for a break" not in page
    assert "£628.70" in page
    assert {"ReviewRecorded", "PlanVersionOpened"} <= world.events()


@pytest.mark.parametrize(
    ("outcome", "kept"), [("met", False), ("no_longer_relevant", False), ("on_track", True)]
)
def test_a_target_that_is_met_is_closed_unless_somebody_keeps_it(
    world: World, outcome: str, kept: bool
) -> None:
    sendco, plan_id = world.browser(world.sendco), agreed_plan(world, world.amara)
    first = world.scalar("select id from target where plan_id = %s and position = 1", plan_id)
    page = sendco.get(f"/plans/{plan_id}/review/new").text
    assert page.count('value="fitting" checked') == 2
    changes = {f"outcome_{first}": outcome, f"next_{first}": "fitting"}
    sendco.post(f"/plans/{plan_id}/review", answers(world, plan_id, **changes))
    copied = (
        "select count(*) from target t join plan p on p.id = t.plan_id where p.number = 2 and p.pupil_id = %s"
    )
    assert world.scalar(copied, world.amara.id) == int(kept)


def test_the_plan_says_when_the_review_was_held(world: World) -> None:
    plan_id = reviewed_plan(world, world.amara, next_review_on=NEXT)
    page = world.browser(world.sendco).get(f"/plans/{plan_id}").text
    steps = page[page.index("Reviewed together") :]
    assert f"{today().day} {today():%B %Y}" in steps
    assert f"{NEXT.day} {NEXT:%B %Y}" not in steps


def test_not_delivered_is_not_no_progress(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), agreed_plan(world, world.amara)
    sendco.post(f"/plans/{plan_id}/review", answers(world, plan_id))
    review = world.scalar("select id from review where plan_id = %s", plan_id)
    page = sendco.get(f"/reviews/{review}").text
    assert "Not delivered as planned" in page
    assert "No progress" not in page
    for words in ("Some progress", "I like my cards", "He talks more at home", "They came to the review"):
        assert words in page


def test_what_the_child_said_lately_is_there_already(world: World) -> None:
    world.insert(
        "pupil_view", tenant_id=world.larkrise.id, pupil_id=world.amara.id, said_on=today(), method="drawing",
        words="I drew my friends", written_down_by="Sam Field", recorded_by=world.teacher.id,
    )  # fmt: skip
    plan_id = agreed_plan(world, world.amara)
    assert "I drew my friends" in world.browser(world.sendco).get(f"/plans/{plan_id}/review/new").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"parent_took_part": ""}, "Choose how the family took part"),
        ({"child_method": ""}, "Choose how the child told you"),
        ({"held_on-year": "2999"}, "must be today or in the past"),
        (day("held_on", today() - timedelta(days=1)), "when the plan was agreed"),
        ({"next_review_on-year": "2020"}, "must be after this one"),
        (day("next_review_on", today() + timedelta(days=367)), "within 12 months of it"),
        ({"parent_took_part": "views_sent", "parent_comment": ""}, "Enter the views that they sent"),
    ],
)
def test_what_is_missing_is_explained_and_nothing_is_lost(world: World, changes: Any, sentence: str) -> None:
    plan_id = agreed_plan(world, world.amara)
    page = world.browser(world.sendco).post(f"/plans/{plan_id}/review", answers(world, plan_id, **changes))
    assert page.status_code == 422
    assert sentence in page.text
    assert "Says three things now" in page.text
    assert world.scalar("select count(*) from review where plan_id = %s", plan_id) == 0


def test_each_target_needs_its_outcome(world: World) -> None:
    plan_id = agreed_plan(world, world.amara)
    given = {
        name: "" if name.startswith("outcome_") else said for name, said in answers(world, plan_id).items()
    }
    page = world.browser(world.sendco).post(f"/plans/{plan_id}/review", given)
    assert page.status_code == 422
    assert page.text.count("Choose how this target went") == 4  # in the summary and beside each target


def test_a_plan_is_reviewed_once(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), agreed_plan(world, world.amara)
    given = answers(world, plan_id)
    assert sendco.post(f"/plans/{plan_id}/review", given).status_code == 303
    again = sendco.post(f"/plans/{plan_id}/review", given)
    assert again.status_code == 409
    assert "This plan has already been reviewed" in again.text
    assert "/reviews/" in sendco.get(f"/plans/{plan_id}/review/new").location


def test_only_an_agreed_plan_is_reviewed(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    assert (
        world.browser(world.sendco).post(f"/plans/{plan_id}/review", answers(world, plan_id)).status_code
        == 409
    )


def test_a_version_that_is_open_already_is_left_alone(world: World) -> None:
    plan_id = agreed_plan(world, world.amara)
    draft = draft_plan(world, world.amara, world.teacher)
    response = world.browser(world.sendco).post(f"/plans/{plan_id}/review", answers(world, plan_id))
    assert str(draft) in response.location
    assert world.scalar("select count(*) from plan where pupil_id = %s", world.amara.id) == 2


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("sendco", 200, 303), ("head", 200, 403), ("dsl", 200, 403), ("teacher", 200, 403), ("assistant", 403, 403),
     ("admin", 403, 403), ("other_sendco", 404, 404)],
)  # fmt: skip
def test_who_reads_and_who_writes(world: World, who: str, reads: int, writes: int) -> None:
    done = reviewed_plan(world, world.amara)
    review = world.scalar("select id from review where plan_id = %s", done)
    plan_id = agreed_plan(world, world.amara)
    browser = world.browser(getattr(world, who))
    assert browser.get(f"/reviews/{review}").status_code == reads
    assert browser.post(f"/plans/{plan_id}/review", answers(world, plan_id)).status_code == writes


def test_the_family_reads_its_reviews_and_nobody_elses(world: World) -> None:
    reviewed_plan(world, world.amara)
    reviewed_plan(world, world.amara, outcome="met")
    with world.acting(world.mother, child="amara"):
        found = queries.list_reviews(world.amara.id)
    assert [review.outcomes[0].outcome_name for review in found] == ["Met", "Some progress"]
    with world.acting(world.other_mother, child="idris"):
        assert queries.list_reviews(world.amara.id) == []


def test_two_reviews_are_two_cycles_and_the_cost_is_of_the_agreed_plan(world: World) -> None:
    reviewed_plan(world, world.amara)
    reviewed_plan(world, world.amara)
    draft_plan(world, world.amara, world.sendco)
    with world.acting(world.sendco):
        assert plans.reviewed_cycles(world.amara.id) == 2
        assert plans.provision_cost_pence(world.amara.id) == 628_70
        current = plans.current_plan(world.amara.id)
        assert current is not None
        assert current.number == 2
        assert plans.current_plan(world.idris.id) is None
        assert plans.provision_cost_pence(world.idris.id) == 0


def test_the_scale_is_data_with_dates() -> None:
    codes = [outcome.code for outcome in scale.target_outcomes(today())]
    assert codes[0] == "not_started"
    assert codes[-1] == "not_delivered"
    assert scale.outcome_name("exceeded") == "Exceeded"
    assert scale.outcome_name("from a list of long ago") == "from a list of long ago"
