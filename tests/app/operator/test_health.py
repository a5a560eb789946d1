"""Health in numbers, and what the operator should do."""

from app.notifications import service
from tests.app.operator.command import run
from tests.builders.post import errand_at
from tests.services import TestDatabase
from tests.world import World


def test_post_that_nobody_carries_is_a_problem(world: World, database: TestDatabase) -> None:
    with errand_at(world.larkrise):
        service.tell([world.sendco.id], "plan_agreed", "/", audience="school")
    world.execute(
        "update outbox_entry set occurred_at = now() - interval '20 minutes' where tenant_id = %s",
        world.larkrise.id,
    )
    result = run(database, "health")
    assert result.exit_code == 1
    assert "post has waited for 20 minutes" in result.output
    world.lay_down()
    assert "post has waited" not in run(database, "health").output


def test_a_valkey_that_is_gone_is_a_problem(world: World, database: TestDatabase) -> None:
    result = run(database, "health", REDIS_URL="redis://127.0.0.1:1/0")
    assert result.exit_code == 1
    assert "Valkey does not answer" in result.output


def test_a_database_that_is_gone_is_a_sentence(database: TestDatabase) -> None:
    gone = "postgresql://send_migrator:x@127.0.0.1:1/send"
    result = run(database, "health", MIGRATOR_DATABASE_URL=gone)
    assert result.exit_code == 1
    assert "PostgreSQL said no" in result.output
    assert "Traceback" not in result.output
