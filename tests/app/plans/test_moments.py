"""What is done with a plan only at its moment, whatever page it comes from."""

import pytest

from app.kernel.errors import Conflict
from app.plans import queries, service
from app.plans.service import Agreement
from tests.app.plans.test_authority import DRAFTING
from tests.builders.plans import agreed_plan, draft_plan, shared_plan
from tests.builders.refusing import stopped
from tests.world import World


@pytest.mark.parametrize("deed", DRAFTING)
def test_nothing_that_the_family_is_reading_is_changed(world: World, deed: str) -> None:
    plan_id = shared_plan(world, world.amara)
    stopped(
        world, world.sendco, lambda actor: DRAFTING[deed](actor, queries.load_plan(plan_id)),
        Conflict, "no longer a draft",
    )  # fmt: skip


def test_the_way_to_change_a_plan_fits_where_it_stands(world: World) -> None:
    sendco = world.browser(world.sendco)
    for plan_id, way in (
        (shared_plan(world, world.amara), "Take it back to change it"),
        (agreed_plan(world, world.idris), "Open a new version to change it"),
    ):
        page = sendco.get(f"/plans/{plan_id}/draft/about")
        assert page.status_code == 409
        assert way in page.text


def test_only_a_plan_that_waits_is_taken_back(world: World) -> None:
    for plan_id in (agreed_plan(world, world.amara), draft_plan(world, world.amara, world.sendco)):
        stopped(
            world, world.sendco,
            lambda actor, plan_id=plan_id: service.take_back(actor, queries.load_plan(plan_id)),  # type: ignore[misc]
            Conflict, "waits for the family",
        )  # fmt: skip


def test_nobody_answers_to_a_draft_or_to_a_plan_of_before(world: World) -> None:
    before = agreed_plan(world, world.amara)
    agreed_plan(world, world.amara)
    for plan_id in (before, draft_plan(world, world.amara, world.sendco)):
        version = world.scalar("select version from plan where id = %s", plan_id)
        said = Agreement(agreed=True, plan_version=version, method="phone", said_by="Chika Okonjo")
        stopped(
            world, world.sendco,
            lambda actor, plan_id=plan_id, said=said: service.agree(actor, queries.load_plan(plan_id), said),  # type: ignore[misc]
            Conflict, "not waiting for an answer",
        )  # fmt: skip
