"""Dead post is seen from outside only, and sent again by the operator."""

from uuid import UUID

from app.notifications import service
from infrastructure.database.ids import new_id
from tests.app.operator.command import run
from tests.builders.post import errand_at
from tests.services import TestDatabase
from tests.world import World


def dead_letter(world: World) -> UUID:
    """A mail about a message that nobody could take; the address is fine by now."""
    with errand_at(world.larkrise):
        service.tell([world.sendco.id], "plan_agreed", "/secret-path", audience="school")
    world.execute("update outbox_entry set expanded_at = now() where tenant_id = %s", world.larkrise.id)
    entry = world.scalar("select id from outbox_entry where tenant_id = %s", world.larkrise.id)
    return world.insert(
        "delivery",
        tenant_id=world.larkrise.id,
        author_tenant_id=world.larkrise.id,
        entry_id=entry,
        handler="mail_notification",
        state="dead",
        attempts=12,
        problem="GiveUp",
    )


def test_what_is_dead_is_listed_without_what_it_says(world: World, database: TestDatabase) -> None:
    delivery = dead_letter(world)
    output = run(database, "deliveries", "dead").output
    (line,) = [line for line in output.splitlines() if str(delivery) in line]
    for word in (world.larkrise.slug, "NotificationWritten", "mail_notification", "12 tries", "GiveUp"):
        assert word in line
    assert "secret-path" not in output
    assert world.sendco.email not in output


def test_it_is_sent_again_once(world: World, database: TestDatabase) -> None:
    delivery = dead_letter(world)
    assert "1 delivery waits again." in run(database, "deliveries", "send-again", str(delivery)).output
    world.run_errands()
    assert [mail["To"] for mail in world.mails()] == [world.sendco.email]
    again = run(database, "deliveries", "send-again", str(delivery))
    assert again.exit_code == 1
    assert "no dead delivery" in again.output


def test_everything_dead_is_sent_again(world: World, database: TestDatabase) -> None:
    delivery = dead_letter(world)
    assert run(database, "deliveries", "send-again", "--all").exit_code == 0
    assert world.scalar("select state from delivery where id = %s", delivery) == "waiting"


def test_the_operator_says_which(database: TestDatabase) -> None:
    assert run(database, "deliveries", "send-again").exit_code == 2
    assert run(database, "deliveries", "send-again", str(new_id()), "--all").exit_code == 2
    assert run(database, "deliveries", "send-again", str(new_id())).exit_code == 1
