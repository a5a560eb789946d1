"""Who may do what with a referral, whatever page they come from."""

from collections.abc import Callable
from typing import Any

import pytest

from app.casework import service as casework
from app.casework.service import Chosen, Seen
from app.kernel.access import Actor
from app.pupils import queries as pupils
from app.referrals import queries, service
from app.referrals.models import Referral
from app.referrals.service import Start, Words
from tests.builders import referrals as builders
from tests.builders.refusing import refused
from tests.world import World

Deed = Callable[[Actor, Referral], Any]
DRAFTING: dict[str, Deed] = {
    "write": lambda actor, referral: service.write_words(actor, referral, Words(**builders.WORDS, version=1)),
    "evidence": lambda actor, referral: service.choose_evidence(actor, referral, Chosen([], 1)),
    "ask": lambda actor, referral: service.ask_family(actor, referral, Seen(1)),
    "withdraw": lambda actor, referral: casework.withdraw(actor, referral, Seen(1)),
    "start": lambda actor, referral: service.start_referral(
        actor, pupils.load_pupil(referral.pupil_id), Start(referral.agency_tenant_id)
    ),
}


@pytest.mark.parametrize("deed", DRAFTING)
def test_who_reaches_the_service_without_the_role_writes_no_referral(world: World, deed: str) -> None:
    referral_id = builders.draft_referral(world, world.amara)
    refused(
        world,
        [world.head, world.dsl],
        lambda actor: DRAFTING[deed](actor, queries.load_referral(referral_id)),
    )


def test_who_reaches_the_service_without_the_role_sends_nothing(world: World) -> None:
    referral_id, _ = builders.agreed_referral(world, world.amara)
    refused(
        world,
        [world.head, world.dsl],
        lambda actor: service.send_referral(actor, queries.load_referral(referral_id), Seen(1)),
    )


def test_who_reaches_the_service_without_the_role_closes_no_link(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    refused(
        world,
        [world.head, world.dsl],
        lambda actor: service.close_link(actor, queries.load_referral(sent.referral_id)),
    )
