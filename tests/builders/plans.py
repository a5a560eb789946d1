"""Plans in each of their states, made behind the service's back for tests of the rooms above."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.kernel.clock import today
from tests.world import Child, Somebody, World

TARGETS = (
    {
        "need_code": "SLCN",
        "title": "Tell a story in order",
        "baseline": "Says two things that happened, with pictures",
        "success_criterion": "Says four things in order, three times out of four",
        "school_will": "Run a story language group",
        "home_will": "Talk about the day at tea time",
        "pupil_will": "Use my story cards",
        "who": "Sam Field, teaching assistant",
        "how_often": "4 times a week, 30 minutes",
    },
    {
        "need_code": "SEMH",
        "title": "Ask for a break before it gets too much",
        "baseline": "Leaves the room without asking most days",
        "success_criterion": "Shows the break card on 4 days out of 5",
        "school_will": "Keep a break card on the desk and say yes to it",
        "who": "Tom Ashworth, class teacher",
        "how_often": "Every day",
    },
)
LINES = (
    ("Story language group", "Teaching assistant", 16_20, 30, 4, 12, 4, 0, 97_20),
    ("Reading one to one", "Teaching assistant", 16_20, 10, 5, 38, 1, 0, 513_00),
    ("Ear defenders", "", 0, 0, 0, 0, 1, 18_50, 18_50),
)
COST_PENCE = 628_70


def draft_plan(world: World, child: Child, by: Somebody, **changes: Any) -> UUID:
    """A full draft of the next number: two needs, two targets and three lines of provision. Returns its id."""
    count = world.scalar("select count(*) from plan where pupil_id = %s", child.id)
    facts = {
        "tenant_id": child.tenant_id,
        "pupil_id": child.id,
        "number": count + 1,
        "strengths": "Kind, curious and good with numbers.",
        "difficulties": "Finds it hard to follow long instructions.",
        "outcomes": "Joins in with every lesson and has two good friends.",
        "starts_on": today(),
        "next_review_on": today() + timedelta(days=84),
        "created_by": by.id,
    }
    plan_id = world.insert("plan", **(facts | changes))
    part = {"tenant_id": child.tenant_id, "plan_id": plan_id, "pupil_id": child.id}
    for rank, code in enumerate(("SLCN", "SEMH"), 1):
        world.insert("plan_need", **part, rank=rank, code=code, description="Needs short steps")
    for position, target in enumerate(TARGETS, 1):
        world.insert("target", **part, position=position, **target)
    names = "name who hourly_rate_pence minutes_per_session sessions_per_week weeks group_size one_off_pence cost_pence"
    for position, line in enumerate(LINES, 1):
        world.insert("provision", **part, position=position, **dict(zip(names.split(), line, strict=True)))
    return plan_id


def shared_plan(world: World, child: Child, by: Somebody | None = None, **changes: Any) -> UUID:
    """A plan that the family has been shown and nobody has answered."""
    plan_id = draft_plan(world, child, by or world.sendco, **changes)
    world.execute(
        "update plan set status = 'shared', shared_at = now(), version = version + 1 where id = %s", plan_id
    )
    return plan_id


def taken_back_plan(world: World, child: Child, by: Somebody | None = None, **changes: Any) -> UUID:
    """A draft again, after the family has been shown it."""
    plan_id = shared_plan(world, child, by, **changes)
    world.execute(
        "update plan set status = 'draft', shared_at = null, taken_back_at = now(), version = version + 1 "
        "where id = %s",
        plan_id,
    )
    return plan_id


def agreed_plan(world: World, child: Child, *, said_by: str = "Their mother", **changes: Any) -> UUID:
    """A plan that was agreed by phone; the one agreed before, if any, is superseded by PostgreSQL."""
    plan_id = shared_plan(world, child, **changes)
    world.insert(
        "plan_agreement",
        tenant_id=child.tenant_id,
        plan_id=plan_id,
        pupil_id=child.id,
        plan_version=world.scalar("select version from plan where id = %s", plan_id),
        agreed=True,
        method="phone",
        said_by=said_by,
        happened_on=today(),
        recorded_by=world.scalar("select created_by from plan where id = %s", plan_id),
    )
    return plan_id


def reviewed_plan(
    world: World, child: Child, *, held_on: date | None = None, outcome: str = "some_progress", **changes: Any
) -> UUID:
    """An agreed plan and its review: one whole cycle. Call it twice for two. Returns the plan's id."""
    plan_id = agreed_plan(world, child, **changes)
    review_id = world.insert(
        "review",
        tenant_id=child.tenant_id,
        plan_id=plan_id,
        pupil_id=child.id,
        held_on=held_on or today(),
        parent_took_part="attended",
        parent_comment="It has helped at home too.",
        child_comment="I like my cards.",
        child_method="attended",
        summary="A good term. We carry on.",
        next_review_on=today() + timedelta(days=84),
        recorded_by=world.scalar("select created_by from plan where id = %s", plan_id),
    )
    for target in world.rows("select id from target where plan_id = %s", plan_id):
        world.insert(
            "review_outcome",
            tenant_id=child.tenant_id,
            review_id=review_id,
            pupil_id=child.id,
            target_id=target.id,
            outcome=outcome,
            evidence="Class notes each week",
        )
    return plan_id
