"""Reminders of reviews come three weeks and one week before and once when it is late, never twice."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.kernel.clock import today
from app.plans.events import ReviewsDue
from tests.builders.plans import agreed_plan, draft_plan, reviewed_plan
from tests.world import World
from workers.jobs.reviews import crossed_on
from workers.schedule import TASKS

DUE = date(2026, 6, 30)


def tick(world: World) -> None:
    """As the clock says it: no page may."""
    here = world.larkrise.id
    world.insert("outbox_entry", tenant_id=here, for_tenant_id=here, kind=ReviewsDue.__name__, payload="{}")
    world.run_errands()


def reminders(world: World) -> list[UUID]:
    rows = world.rows(
        "select person_id from notification where kind = 'review_due' and tenant_id = %s", world.larkrise.id
    )
    return [row.person_id for row in rows]


def test_sendco_and_class_teacher_are_reminded_once_for_each_threshold(world: World) -> None:
    agreed_plan(world, world.amara, next_review_on=today() + timedelta(days=20))
    tick(world)
    tick(world)
    assert set(reminders(world)) == {world.sendco.id, world.teacher.id}
    assert len(reminders(world)) == 2


def test_a_reminder_of_the_threshold_before_does_not_count(world: World) -> None:
    agreed_plan(world, world.amara, next_review_on=today() + timedelta(days=6))
    tick(world)
    world.execute(
        "update notification set created_at = now() - interval '2 days' where tenant_id = %s",
        world.larkrise.id,
    )
    tick(world)
    assert len(reminders(world)) == 4


def test_a_late_review_is_told_of_once(world: World) -> None:
    agreed_plan(world, world.idris, next_review_on=today() - timedelta(days=30))
    tick(world)
    tick(world)
    assert reminders(world) == [world.sendco.id]


def test_what_is_far_away_reviewed_or_a_draft_is_not_told_of(world: World) -> None:
    soon = today() + timedelta(days=3)
    agreed_plan(world, world.idris, next_review_on=today() + timedelta(days=22))
    reviewed_plan(world, world.amara, next_review_on=soon)
    draft_plan(world, world.ilyas, world.sendco, next_review_on=soon)
    tick(world)
    assert reminders(world) == []


@pytest.mark.parametrize(
    ("days_before", "since"), [(21, 21), (8, 21), (7, 7), (1, 7), (0, 7), (-1, -1), (-40, -1)]
)
def test_the_last_threshold_that_was_reached(days_before: int, since: int) -> None:
    assert crossed_on(DUE, DUE - timedelta(days=days_before)) == DUE - timedelta(days=since)


def test_the_morning_task_reaches_every_school_at_six_in_london() -> None:
    task = next(task for task in TASKS if task.event == "ReviewsDue")
    assert (task.hour, task.tenants) == (6, ("school",))


def test_the_family_hears_that_a_review_is_written(world: World) -> None:
    from tests.app.reviews.test_reviews import answers

    plan_id = agreed_plan(world, world.amara)
    world.browser(world.sendco).post(f"/plans/{plan_id}/review", answers(world, plan_id))
    world.run_errands()
    told = world.rows(
        "select person_id from notification where kind = 'review_done'  and tenant_id = %s", world.larkrise.id
    )
    assert {row.person_id for row in told} == {world.mother.id, world.father.id, world.carer.id}
