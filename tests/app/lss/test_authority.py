"""Who may do what with a request to the locality, whatever page they come from."""

from collections.abc import Callable
from typing import Any

import pytest

from app.casework import service as casework
from app.casework.service import Chosen, Seen
from app.kernel.access import Actor
from app.lss import queries, service
from app.lss.models import LssRequest
from app.lss.service import Reasons, Start
from app.pupils import queries as pupils
from tests.builders import lss as builders
from tests.builders.refusing import refused
from tests.world import World

Deed = Callable[[Actor, LssRequest], Any]
DRAFTING: dict[str, Deed] = {
    "write": lambda actor, request: service.write_part(actor, request, Reasons("Now", "A lot", 1)),
    "evidence": lambda actor, request: service.choose_evidence(actor, request, Chosen([], 1)),
    "ask": lambda actor, request: service.ask_family(actor, request, Seen(1)),
    "withdraw": lambda actor, request: casework.withdraw(actor, request, Seen(1)),
    "start": lambda actor, request: service.start_request(
        actor, pupils.load_pupil(request.pupil_id), Start("advice")
    ),
}


@pytest.mark.parametrize("deed", DRAFTING)
def test_who_reaches_the_service_without_the_role_writes_no_request(world: World, deed: str) -> None:
    request_id = builders.complete_request(world)
    refused(
        world,
        [world.head, world.dsl],
        lambda actor: DRAFTING[deed](actor, queries.load_request(request_id)),
    )


def test_who_reaches_the_service_without_the_role_sends_nothing(world: World) -> None:
    request_id, _ = builders.authorised_request(world, world.amara)
    refused(
        world,
        [world.head, world.dsl],
        lambda actor: service.submit_request(actor, queries.load_request(request_id), Seen(1)),
    )


def test_only_a_headteacher_authorises_even_past_the_pages(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara)
    refused(
        world,
        [world.sendco, world.dsl],
        lambda actor: service.authorise_request(actor, queries.load_request(request_id), Seen(1)),
    )
