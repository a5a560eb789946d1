"""Who may share, take back and stop, whatever page they come from."""

from app.kernel.access import Actor
from app.sharing import queries, service
from tests.app.sharing.test_service import NEXT_YEAR, consent_of
from tests.builders.refusing import refused
from tests.builders.sharing import asked, consented, shared_with
from tests.world import Somebody, World


def test_the_safeguarding_lead_stops_but_never_sends(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consent_id = consented(world, world.amara, ask_id)

    def send(actor: Actor) -> None:
        service.open_share(actor, queries.load_ask(ask_id), consent_id, NEXT_YEAR)

    refused(world, [world.dsl], send)


def test_who_reaches_the_service_without_the_role_stops_no_share(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    with world.acting(world.sendco):
        share = queries.load_share(share_id)
    refused(world, class_staff_and_admin(world), lambda actor: service.revoke(actor, share, "By mistake"))


def test_who_reaches_the_service_without_the_role_takes_no_consent_back(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    with world.acting(world.sendco):
        consent = queries.load_consent(consent_of(world, share_id))
    refused(world, class_staff_and_admin(world), lambda actor: service.withdraw(actor, consent))


def class_staff_and_admin(world: World) -> list[Somebody]:
    return [world.teacher, world.assistant, world.admin]
