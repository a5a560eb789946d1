"""A plan is agreed online, on paper, by phone, in a meeting, or without an answer; never by accident."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.errors import Conflict
from app.plans import queries, service
from app.plans.service import Agreement
from tests.builders.plans import agreed_plan, draft_plan, shared_plan
from tests.world import Somebody, World

BY_PHONE = {
    "answer": "yes", "method": "phone", "said_by": "Chika Okonjo", "comment": "",
    "happened_on-day": "3", "happened_on-month": "2", "happened_on-year": "2026",
}  # fmt: skip


def version_of(world: World, plan_id: UUID) -> int:
    return int(world.scalar("select version from plan where id = %s", plan_id))


def status_of(world: World, plan_id: UUID) -> str:
    return str(world.scalar("select status from plan where id = %s", plan_id))


def answer(world: World, who: Somebody, plan_id: UUID, **changes: object) -> None:
    with world.acting(who, child="amara"):
        plan = queries.load_plan(plan_id)
        facts = {"agreed": True, "plan_version": plan.version} | changes
        service.agree(world.guardian_actor(who, "amara"), plan, Agreement(**facts))  # type: ignore[arg-type]


def test_the_family_agrees_online_and_postgresql_moves_the_plan(world: World) -> None:
    before, plan_id = agreed_plan(world, world.amara), shared_plan(world, world.amara)
    answer(world, world.mother, plan_id, comment="Thank you")
    assert status_of(world, plan_id) == "agreed"
    assert status_of(world, before) == "superseded"
    page = world.browser(world.sendco).get(f"/plans/{plan_id}").text
    assert "Chika Okonjo" in page
    assert "Thank you" in page
    assert "PlanAgreed" in world.events()


def test_the_second_adult_may_agree_to_the_same_words(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    seen = version_of(world, plan_id)
    answer(world, world.mother, plan_id)
    answer(world, world.father, plan_id, plan_version=seen)
    answer(world, world.carer, plan_id)
    assert world.scalar("select count(*) from plan_agreement where plan_id = %s", plan_id) == 3


def test_neither_adult_reads_the_answer_of_the_other(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    answer(world, world.mother, plan_id, comment="Only for school")
    for who, count in ((world.mother, 1), (world.father, 0)):
        with world.acting(who, child="amara"):
            assert len(queries.get_plan(plan_id).agreements) == count


def test_a_family_that_wants_changes_says_which_and_the_plan_waits(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    answer(world, world.mother, plan_id, agreed=False, comment="Please add swimming")
    assert status_of(world, plan_id) == "shared"
    assert "Please add swimming" in world.browser(world.sendco).get(f"/plans/{plan_id}").text


def test_a_plan_that_changed_meanwhile_is_not_agreed_by_an_old_page(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    old = version_of(world, plan_id)
    world.browser(world.sendco).post(f"/plans/{plan_id}/share/removal")
    world.browser(world.sendco).post(f"/plans/{plan_id}/share")
    with pytest.raises(Conflict, match="has changed since"):
        answer(world, world.mother, plan_id, plan_version=old)
    assert status_of(world, plan_id) == "shared"


def test_a_draft_is_not_there_for_a_family(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    with world.acting(world.mother, child="amara") as session:
        assert session.scalar(text("select count(*) from plan")) == 0
    assert status_of(world, plan_id) == "draft"


def test_a_family_sees_the_help_and_not_its_price(world: World) -> None:
    plan_id = agreed_plan(world, world.amara)
    with world.acting(world.mother, child="amara"):
        plan = queries.get_plan(plan_id)
    assert (plan.first_name, plan.pupil) == ("Amara", None)
    assert plan.provision[0].name == "Story language group"
    assert {line.cost_pence for line in plan.provision} == {None}
    with (
        world.acting(world.mother, child="amara") as session,
        pytest.raises(DBAPIError, match="permission denied"),
    ):
        session.execute(text("select cost_pence from provision"))


def test_the_sendco_writes_down_an_answer_by_phone(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), shared_plan(world, world.amara)
    assert sendco.get(f"/plans/{plan_id}/agreements/new").status_code == 200
    given = BY_PHONE | {"plan_version": str(version_of(world, plan_id))}
    page = sendco.follow(sendco.post(f"/plans/{plan_id}/agreements", given)).text
    for words in ("Agreed", "Chika Okonjo", "By phone", "3 February 2026", "Priya Nair"):
        assert words in page
    assert status_of(world, plan_id) == "agreed"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"answer": ""}, "Choose whether the family agrees"),
        ({"said_by": ""}, "Enter who answered"),
        ({"method": "no_reply"}, "Say how and when you tried to reach the family"),
        ({"answer": "no"}, "Say what should change in the plan"),
        ({"answer": "no", "method": "no_reply", "comment": "x"}, "Choose how they told you"),
        ({"happened_on-year": "2999"}, "must be today or in the past"),
    ],
)
def test_an_answer_that_says_too_little_is_explained(
    world: World, changes: dict[str, str], sentence: str
) -> None:
    plan_id = shared_plan(world, world.amara)
    given = BY_PHONE | {"plan_version": str(version_of(world, plan_id))} | changes
    page = world.browser(world.sendco).post(f"/plans/{plan_id}/agreements", given)
    assert page.status_code == 422
    assert sentence in page.text
    assert status_of(world, plan_id) == "shared"


def test_a_plan_goes_ahead_without_an_answer_after_attempts(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    given = BY_PHONE | {
        "plan_version": str(version_of(world, plan_id)), "method": "no_reply", "said_by": "",
        "comment": "Rang on Monday, wrote on Thursday",
    }  # fmt: skip
    sendco = world.browser(world.sendco)
    page = sendco.follow(sendco.post(f"/plans/{plan_id}/agreements", given)).text
    assert "No reply: the school went ahead" in page
    assert "Rang on Monday" in page


@pytest.mark.parametrize("who", ["teacher", "head", "assistant", "dsl"])
def test_nobody_else_at_school_writes_down_an_answer(world: World, who: str) -> None:
    plan_id = shared_plan(world, world.amara)
    assert world.browser(getattr(world, who)).get(f"/plans/{plan_id}/agreements/new").status_code == 403
    assert (
        world.browser(getattr(world, who)).post(f"/plans/{plan_id}/agreements", BY_PHONE).status_code == 403
    )


def test_staff_cannot_answer_in_the_name_of_a_family_online(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    with world.acting(world.sendco) as session, pytest.raises(DBAPIError, match="row-level security"):
        session.execute(
            text("""insert into plan_agreement (tenant_id, id, plan_id, pupil_id, plan_version, agreed, method,
                    guardianship_id, person_id, happened_on, recorded_by)
                values (:tenant, gen_random_uuid(), :plan, :pupil, 2, true, 'portal', :link, :mother, ctx.today(), :me)"""),
            {"tenant": world.larkrise.id, "plan": plan_id, "pupil": world.amara.id, "me": world.sendco.id,
             "link": world.mother.links["amara"], "mother": world.mother.id},
        )  # fmt: skip


def test_no_member_of_staff_sets_a_plan_to_agreed(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    with world.acting(world.sendco) as session, pytest.raises(DBAPIError, match="row-level security"):
        session.execute(text("update plan set status = 'agreed' where id = :id"), {"id": plan_id})
