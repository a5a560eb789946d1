"""To whom an envelope may be addressed, and in whose name: PostgreSQL decides, whatever the code says."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.access import Audience
from app.kernel.events import Event
from infrastructure.database.door import unit_of_work
from migrations.isolation import AGENCY, FAMILY, LOCALITY, SCHOOL
from migrations.versions.v0004_post import NEWS, NEWS_ACROSS
from tenants import context
from tests.builders.panels import shared_request
from tests.builders.sharing import shared_with
from tests.world import Organisation, Somebody, World

POST = text(
    "insert into outbox_entry (tenant_id, id, for_tenant_id, kind, payload, person_id)"
    " values (ctx.tenant(), gen_random_uuid(), :to, :kind, '{}', :person)"
)


def posts(session: Any, to: Organisation, kind: str, person: Somebody | None = None) -> bool:
    point = session.begin_nested()
    try:
        session.execute(POST, {"to": to.id, "kind": kind, "person": person.id if person else None})
    except DBAPIError as error:
        if "row-level security" not in str(error):
            raise
        return False
    finally:
        point.rollback()
    return True


def test_a_school_writes_to_itself_and_to_nobody_it_shares_nothing_with(world: World) -> None:
    with world.acting(world.sendco) as session:
        assert posts(session, world.larkrise, "PlanShared")
        for stranger in (world.millbrook, world.thornbeck, world.ashmere):
            assert not posts(session, stranger, "ShareStopped"), stranger.name


def test_a_school_writes_to_its_guest_also_to_say_that_the_share_has_ended(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    for _ in range(2):
        with world.acting(world.sendco) as session:
            assert posts(session, world.ashmere, "ShareStopped")
            assert not posts(session, world.thornbeck, "ShareStopped")
        # Only those who may know of the share write to its guest.
        for who in (world.teacher, world.admin):
            with world.acting(who) as session:
                assert not posts(session, world.ashmere, "ShareStopped"), who.name
        with world.acting(world.other_sendco) as session:
            assert not posts(session, world.ashmere, "ShareStopped")
        world.execute(
            "update share set revoked_at = now(), revoked_because = 'x' where id = %s and revoked_at is null",
            share_id,
        )


def test_a_family_writes_to_the_guest_of_its_own_child_only(world: World) -> None:
    shared_with(world, world.amara, world.ashmere)
    for who, child, reaches in ((world.father, "amara", True), (world.other_mother, "idris", False)):
        with world.acting(who, child=child) as session:
            assert posts(session, world.larkrise, "ConsentWithdrawn")
            assert posts(session, world.ashmere, "ShareStopped") is reaches, who.name
            assert not posts(session, world.millbrook, "ConsentWithdrawn")


def test_a_locality_answers_the_school_whose_request_it_may_see(world: World) -> None:
    with world.acting(world.chair) as session:
        assert not posts(session, world.larkrise, "DecisionIssued")
    shared_request(world, world.amara)
    for who, reaches in (
        (world.chair, True),
        (world.clerk, True),
        (world.conflicted_member, False),
        (world.finance, False),
    ):
        with world.acting(who) as session:
            assert posts(session, world.larkrise, "DecisionIssued") is reaches, who.name
            assert not posts(session, world.millbrook, "DecisionIssued")


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
        assert posts(session, world.ashmere, "DocumentUploaded")
        assert posts(session, world.larkrise, "ReferralAnswered") is not ended
        assert not posts(session, world.millbrook, "ReferralAnswered")


def test_nobody_writes_in_somebody_elses_name(world: World) -> None:
    with world.acting(world.sendco) as session:
        assert posts(session, world.larkrise, "PlanShared", world.sendco)
        assert posts(session, world.larkrise, "PlanShared")
        for other in (world.head, world.other_sendco, world.mother):
            assert not posts(session, world.larkrise, "PlanShared", other), other.name


def test_nobody_posts_what_only_the_door_says(world: World) -> None:
    """Nor what another audience has to tell: a mail about a changed password, a lost phone or a note is never forged."""
    share_id, item = shared_with(world, world.amara, world.ashmere), shared_request(world, world.amara)
    assert item
    away = {SCHOOL: world.ashmere, LOCALITY: world.larkrise, FAMILY: world.ashmere, AGENCY: world.larkrise}
    at_the_link = context.of_tenant(
        world.ashmere.id, audience="agency", person_id=world.professional.id, scope_id=share_id
    )
    app = world.database.hosts.apps[Audience.AGENCY]
    with app.app_context(), unit_of_work(at_the_link) as session:
        checks_news(session, AGENCY, world.ashmere, away[AGENCY])
    for audience, who, home in (
        (SCHOOL, world.sendco, world.larkrise),
        (LOCALITY, world.clerk, world.thornbeck),
        (FAMILY, world.mother, world.larkrise),
    ):
        with world.acting(who, child="amara" if audience == FAMILY else None) as session:
            checks_news(session, audience, home, away[audience])
    for kind in ("PasswordChanged", "RecoveryCodeUsed", "PasswordResetAsked", "CodeAsked"):
        assert kind in Event.kinds
        assert not any(kind in news for news in (*NEWS.values(), *NEWS_ACROSS.values())), kind


def checks_news(session: Any, audience: str, home: Organisation, away: Organisation) -> None:
    for kind in (*Event.kinds, "Nothing"):
        assert posts(session, home, kind) is (kind in NEWS[audience]), (audience, kind)
        assert posts(session, away, kind) is (kind in NEWS_ACROSS[audience]), (audience, kind, "across")
