"""Who may record a review, whatever page they come from."""

from datetime import timedelta

from app.kernel.clock import today
from app.plans import queries as plans
from app.reviews import service
from app.reviews.service import Reviewed
from tests.builders.plans import agreed_plan
from tests.builders.refusing import refused
from tests.world import World


def test_who_reaches_the_service_without_the_role_records_no_review(world: World) -> None:
    plan_id = agreed_plan(world, world.amara)
    reviewed = Reviewed(today(), "attended", today() + timedelta(days=84), ())
    refused(
        world,
        [world.teacher, world.head, world.dsl, world.assistant],
        lambda actor: service.record_review(actor, plans.load_plan(plan_id), reviewed),
    )
