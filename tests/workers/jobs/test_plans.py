"""Who hears of a plan: both parents at once, and the people at school who wait for the answer."""

from uuid import UUID

from app.kernel.clock import today
from app.plans import queries, service
from app.plans.service import Agreement
from tests.builders.plans import draft_plan, shared_plan
from tests.world import Somebody, World


def told(world: World, kind: str) -> set[tuple[UUID, str]]:
    rows = world.rows(
        "select person_id, path from notification where kind = %s and tenant_id = %s", kind, world.larkrise.id
    )
    return {(row.person_id, row.path) for row in rows}


def page_of(who: Somebody) -> str:
    return f"/children/{who.links['amara']}/plan"


def test_everybody_with_access_is_told_alike_when_a_plan_is_shared(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    world.browser(world.sendco).post(f"/plans/{plan_id}/share")
    world.run_errands()
    assert told(world, "plan_shared") == {
        (w.id, page_of(w)) for w in (world.mother, world.father, world.carer)
    }


def test_a_barred_parent_is_not_told(world: World) -> None:
    plan_id = draft_plan(world, world.idris, world.sendco)
    world.browser(world.sendco).post(f"/plans/{plan_id}/share")
    world.run_errands()
    assert {person for person, _ in told(world, "plan_shared")} == {world.other_mother.id}


def test_a_plan_that_was_taken_back_before_the_post_went_out_is_not_announced(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    sendco = world.browser(world.sendco)
    sendco.post(f"/plans/{plan_id}/share")
    sendco.post(f"/plans/{plan_id}/share/removal")
    world.run_errands()
    assert told(world, "plan_shared") == set()


def test_nobody_is_called_to_read_a_plan_that_has_ended(world: World) -> None:
    plan_id, day = draft_plan(world, world.amara, world.sendco), today()
    sendco = world.browser(world.sendco)
    assert sendco.post(f"/plans/{plan_id}/share").status_code == 303
    version = world.scalar("select version from plan where id = %s", plan_id)
    ending = {
        "version": str(version), "ended_on-day": str(day.day), "ended_on-month": str(day.month),
        "ended_on-year": str(day.year), "ended_because": "Amara no longer needs it.",
    }  # fmt: skip
    assert sendco.post(f"/plans/{plan_id}/end", ending).status_code == 303
    world.run_errands()
    assert told(world, "plan_shared") == set()
    assert {who for who, _ in told(world, "plan_ended")} >= {world.mother.id, world.father.id}


def test_the_other_parent_still_hears_of_a_plan_that_one_has_agreed_to_already(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    world.browser(world.sendco).post(f"/plans/{plan_id}/share")
    with world.acting(world.mother, child="amara"):
        plan = queries.load_plan(plan_id)
        agreement = Agreement(agreed=True, plan_version=plan.version)
        service.agree(world.guardian_actor(world.mother, "amara"), plan, agreement)
    world.run_errands()
    assert (world.father.id, page_of(world.father)) in told(world, "plan_shared")


def test_sendco_and_class_teacher_hear_that_the_family_has_agreed(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    with world.acting(world.mother, child="amara"):
        plan = queries.load_plan(plan_id)
        agreement = Agreement(agreed=True, plan_version=plan.version)
        service.agree(world.guardian_actor(world.mother, "amara"), plan, agreement)
    world.run_errands()
    assert told(world, "plan_agreed") == {(w.id, f"/plans/{plan_id}") for w in (world.sendco, world.teacher)}


def test_whoever_wrote_the_answer_down_is_not_told_of_it(world: World) -> None:
    plan_id = shared_plan(world, world.idris)
    with world.acting(world.sendco):
        plan = queries.load_plan(plan_id)
        answer = Agreement(agreed=True, plan_version=plan.version, method="phone", said_by="Leila Bex")
        service.agree(world.sendco.actor, plan, answer)
    world.run_errands()
    assert told(world, "plan_agreed") == set()
