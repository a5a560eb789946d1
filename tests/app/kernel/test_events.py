"""To whom an envelope may be addressed, and in whose name: PostgreSQL decides, whatever the code says."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.access import Audience
from infrastructure.database.door import unit_of_work
from tenants import context
from tests.builders.panels import shared_request
from tests.builders.sharing import shared_with
from tests.world import Organisation, Somebody, World

POST = text(
    "insert into outbox_entry (tenant_id, id, for_tenant_id, kind, payload, person_id)"
    " values (ctx.tenant(), gen_random_uuid(), :to, 'Nothing', '{}', :person)"
)


def posts(session: Any, to: Organisation, person: Somebody | None = None) -> bool:
    point = session.begin_nested()
    try:
        session.execute(POST, {"to": to.id, "person": person.id if person else None})
    except DBAPIError as error:
        if "row-level security" not in str(error):
            raise
        return False
    finally:
        point.rollback()
    return True


def test_a_school_writes_to_itself_and_to_nobody_it_shares_nothing_with(world: World) -> None:
    with world.acting(world.sendco) as session:
        assert posts(session, world.larkrise)
        for stranger in (world.millbrook, world.thornbeck, world.ashmere):
            assert not posts(session, stranger), stranger.name


def test_a_school_writes_to_its_guest_also_to_say_that_the_share_has_ended(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    for _ in range(2):
        with world.acting(world.sendco) as session:
            assert posts(session, world.ashmere)
            assert not posts(session, world.thornbeck)
        # Only those who may know of the share write to its guest.
        for who in (world.teacher, world.admin):
            with world.acting(who) as session:
                assert not posts(session, world.ashmere), who.name
        with world.acting(world.other_sendco) as session:
            assert not posts(session, world.ashmere)
        world.execute(
            "update share set revoked_at = now(), revoked_because = 'x' where id = %s and revoked_at is null",
            share_id,
        )


def test_a_family_writes_to_the_guest_of_its_own_child_only(world: World) -> None:
    shared_with(world, world.amara, world.ashmere)
    for who, child, reaches in ((world.father, "amara", True), (world.other_mother, "idris", False)):
        with world.acting(who, child=child) as session:
            assert posts(session, world.larkrise)
            assert posts(session, world.ashmere) is reaches, who.name
            assert not posts(session, world.millbrook)


def test_a_locality_answers_the_school_whose_request_it_may_see(world: World) -> None:
    with world.acting(world.chair) as session:
        assert not posts(session, world.larkrise)
    shared_request(world, world.amara)
    for who, reaches in (
        (world.chair, True),
        (world.clerk, True),
        (world.conflicted_member, False),
        (world.finance, False),
    ):
        with world.acting(who) as session:
            assert posts(session, world.larkrise) is reaches, who.name
            assert not posts(session, world.millbrook)


@pytest.mark.parametrize("ended", [False, True])
def test_an_agency_answers_while_its_share_is_live(world: World, ended: bool) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    if ended:
        world.execute("update share set revoked_at = now(), revoked_because = 'x' where id = %s", share_id)
    binding = context.of_tenant(
        world.ashmere.id, audience="agency", person_id=world.professional.id, scope_id=share_id
    )
    app = world.database.hosts.apps[Audience.AGENCY]
    with app.app_context(), unit_of_work(binding) as session:
        assert posts(session, world.ashmere)
        assert posts(session, world.larkrise) is not ended
        assert not posts(session, world.millbrook)


def test_nobody_writes_in_somebody_elses_name(world: World) -> None:
    with world.acting(world.sendco) as session:
        assert posts(session, world.larkrise, world.sendco)
        assert posts(session, world.larkrise)
        for other in (world.head, world.other_sendco, world.mother):
            assert not posts(session, world.larkrise, other), other.name
