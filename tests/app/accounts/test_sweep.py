"""What is only needed for a while is gone after it: nobody sends the same form again after a week."""

from infrastructure.database.ids import new_id
from tests.world import World


def test_the_keys_of_sent_forms_are_swept_after_a_week(world: World) -> None:
    kept, old = new_id(), new_id()
    for key, age in ((kept, "6 days 23 hours"), (old, "7 days 1 hour")):
        world.execute(
            "insert into idempotency_key (tenant_id, person_id, key, route, body_hash, created_at)"
            " values (%s, %s, %s, '/pupils', '', now() - cast(%s as interval))",
            world.larkrise.id,
            world.sendco.id,
            key,
            age,
        )
    with world.database.as_login("send_worker") as worker:
        worker.execute("select door.sweep_sign_in()")
    left = world.rows("select key from idempotency_key where person_id = %s", world.sendco.id)
    assert [row.key for row in left] == [kept]
