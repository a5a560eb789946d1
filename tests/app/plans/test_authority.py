"""Who may do what with a plan, whatever page they come from."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.kernel.access import Actor
from app.kernel.clock import today
from app.plans import drafting, ending, queries, service
from app.plans.drafting import About, Dates, Needs, TargetWords
from app.plans.ending import Discarding, Ending
from app.plans.models import Plan
from app.plans.service import Agreement, Opening
from app.provision.service import Line
from infrastructure.database.ids import new_id
from tests.builders.plans import agreed_plan, draft_plan, shared_plan
from tests.builders.refusing import refused
from tests.world import World

Deed = Callable[[Actor, Plan], Any]

WORDS = TargetWords("SLCN", "Tell a story", "Two things", "Four things", "Story group", "Sam", "Daily")
LINE = Line("Story group")
WEEKS = timedelta(weeks=12)
DRAFTING: dict[str, Deed] = {
    "about": lambda actor, plan: drafting.write_about(actor, plan, About(1, "Kind", "Lists", "Friends")),
    "dates": lambda actor, plan: drafting.set_dates(actor, plan, Dates(1, today(), today() + WEEKS)),
    "needs": lambda actor, plan: drafting.choose_needs(actor, plan, Needs(1, ())),
    "new target": lambda actor, plan: drafting.add_target(actor, plan, WORDS),
    "target": lambda actor, plan: drafting.change_target(actor, plan, WORDS, target_id=new_id()),
    "no target": lambda actor, plan: drafting.remove_target(actor, plan, new_id()),
    "new help": lambda actor, plan: drafting.add_line(actor, plan, LINE),
    "help": lambda actor, plan: drafting.change_line(actor, plan, LINE, line_id=new_id()),
    "no help": lambda actor, plan: drafting.remove_line(actor, plan, new_id()),
}  # fmt: skip
DECIDING: dict[str, tuple[Callable[..., Any], Deed]] = {
    "share": (draft_plan, lambda actor, plan: service.share_plan(actor, plan, queries.get_plan(plan.id))),
    "take back": (shared_plan, service.take_back),
    "agree": (shared_plan, lambda actor, plan: service.agree(actor, plan, Agreement(True, plan.version))),
    "end": (agreed_plan, lambda actor, plan: ending.end_plan(actor, plan, Ending(plan.version, today(), "x"))),
    "discard": (draft_plan, lambda actor, plan: ending.discard_draft(actor, plan, Discarding(plan.version))),
}  # fmt: skip


@pytest.mark.parametrize("deed", DRAFTING)
def test_who_reaches_the_service_without_the_role_drafts_nothing(world: World, deed: str) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    refused(world, [world.head, world.dsl], lambda actor: DRAFTING[deed](actor, queries.load_plan(plan_id)))


@pytest.mark.parametrize("deed", DECIDING)
def test_only_the_sendco_moves_a_plan_even_past_the_pages(world: World, deed: str) -> None:
    state, act = DECIDING[deed]
    by = {"by": world.sendco} if state is not agreed_plan else {}
    plan_id = state(world, world.amara, **by)
    refused(
        world,
        [world.teacher, world.head, world.dsl],
        lambda actor: act(actor, queries.load_plan(plan_id)),
    )


def test_who_reaches_the_service_without_the_role_opens_no_plan(world: World) -> None:
    refused(
        world,
        [world.head, world.dsl, world.assistant, world.admin],
        lambda actor: service.open_plan(actor, world.amara.id, Opening()),
    )


def test_who_reaches_the_service_without_the_role_opens_no_plan_after_a_review(world: World) -> None:
    plan_id = agreed_plan(world, world.amara)
    refused(
        world,
        [world.head, world.dsl, world.assistant],
        lambda actor: service.open_reviewed(
            actor, queries.load_plan(plan_id), keep={}, next_review_on=today()
        ),
    )
