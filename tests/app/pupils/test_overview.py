"""The overview of a record: what matters now, for those who may see it."""

from datetime import timedelta

from app.kernel.clock import today
from tests.builders.counting import statements
from tests.builders.lss import draft_request
from tests.builders.plans import TARGETS, agreed_plan, draft_plan, shared_plan
from tests.builders.referrals import sent_referral
from tests.world import World


def test_the_overview_leads_with_the_agreed_plan_its_targets_and_its_review(world: World) -> None:
    plan_id = agreed_plan(world, world.amara, next_review_on=today() + timedelta(days=60))
    page = world.browser(world.sendco).get(f"/pupils/{world.amara.id}").text
    assert f"/plans/{plan_id}" in page
    assert all(target["title"] in page for target in TARGETS)
    assert "Overdue" not in page
    assert "Due soon" not in page


def test_an_overdue_review_is_named(world: World) -> None:
    agreed_plan(world, world.amara, next_review_on=today() - timedelta(days=1))
    assert "Overdue" in world.browser(world.sendco).get(f"/pupils/{world.amara.id}").text


def test_a_review_within_two_weeks_is_due_soon(world: World) -> None:
    agreed_plan(world, world.amara, next_review_on=today() + timedelta(days=14))
    assert "Due soon" in world.browser(world.sendco).get(f"/pupils/{world.amara.id}").text


def test_a_draft_is_told_to_those_who_write_and_not_to_those_who_assist(world: World) -> None:
    draft_plan(world, world.amara, world.sendco)
    address = f"/pupils/{world.amara.id}"
    assert "is a draft" in world.browser(world.teacher).get(address).text
    assert "is a draft" not in world.browser(world.assistant).get(address).text


def test_a_plan_with_the_family_is_named_beside_the_one_that_counts(world: World) -> None:
    agreed_plan(world, world.amara)
    shared_plan(world, world.amara)
    page = world.browser(world.head).get(f"/pupils/{world.amara.id}")
    assert "Plan now" in page.text
    assert "is with the family since" in page.text


def test_without_a_plan_the_overview_says_how_to_start_one(world: World) -> None:
    address = f"/pupils/{world.idris.id}"
    assert f"{address}/plans/new" in world.browser(world.sendco).get(address).text
    assert f"{address}/plans/new" not in world.browser(world.head).get(address).text


def test_requests_and_referrals_stand_on_the_overview_of_those_who_answer_for_them(world: World) -> None:
    request_id = draft_request(world, world.amara)
    referral = sent_referral(world, world.amara)
    address = f"/pupils/{world.amara.id}"
    for who in (world.sendco, world.head):
        page = world.browser(who).get(address).text
        assert f"/lss/requests/{request_id}" in page
        assert f"/referrals/{referral.referral_id}" in page
    for who in (world.teacher, world.assistant, world.admin):
        page = world.browser(who).get(address).text
        assert "/lss/requests/" not in page
        assert "/referrals/" not in page


def test_another_pupils_plans_and_requests_are_not_on_it(world: World) -> None:
    plan_id, request_id = agreed_plan(world, world.idris), draft_request(world, world.idris)
    page = world.browser(world.sendco).get(f"/pupils/{world.amara.id}").text
    assert str(plan_id) not in page
    assert str(request_id) not in page


def test_the_overview_takes_three_statements_whatever_there_is(world: World) -> None:
    address = f"/pupils/{world.idris.id}"
    assert len(statements(world, world.sendco, address)) == 3
    agreed_plan(world, world.idris)
    draft_request(world, world.idris)
    assert len(statements(world, world.sendco, address)) == 3
