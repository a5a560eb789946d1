"""What is done with a request only at its moment, whatever page it comes from."""

from typing import Any

import pytest

from app.casework.service import Seen
from app.kernel.clock import now
from app.kernel.errors import Conflict
from app.lss import queries, service
from app.lss.models import LssRequest, Status
from infrastructure.database.ids import new_id
from tests.builders import lss as builders
from tests.builders.refusing import stopped
from tests.world import World

FOR_ADVICE: dict[str, Any] = {"kind": "advice", "amount_pence": None, "terms": None}


def test_authorising_twice_is_a_conflict(world: World) -> None:
    request_id, _ = builders.authorised_request(world, world.amara)
    seen = Seen(builders.row(world, request_id).version)
    stopped(
        world, world.head,
        lambda actor: service.authorise_request(actor, queries.load_request(request_id), seen),
        Conflict, "not waiting for the headteacher",
    )  # fmt: skip


def test_what_no_headteacher_has_authorised_is_not_sent(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara, **FOR_ADVICE)
    assert builders.press(world, world.sendco, request_id, "submission") == 409
    assert world.scalar("select count(*) from share where subject_id = %s", request_id) == 0
    request = LssRequest(status=Status.AGREED, version=1)
    with pytest.raises(Conflict, match="The headteacher must authorise this request"):
        request.submit(share_id=new_id(), at=now())
    assert request.share_id is None


def test_what_the_locality_asks_for_by_now_is_asked_for_again_before_sending(world: World) -> None:
    request_id, _ = builders.authorised_request(world, world.amara)
    seen = Seen(builders.row(world, request_id).version)
    stopped(
        world, world.sendco, lambda actor: service.submit_request(actor, queries.load_request(request_id), seen),
        Conflict, "Something is missing",
    )  # fmt: skip


def test_a_school_without_a_locality_asks_nobody(world: World) -> None:
    request_id = builders.complete_request(world)
    world.execute("update tenant set locality_id = null where id = %s", world.larkrise.id)
    stopped(
        world, world.sendco, lambda actor: service.ask_family(actor, queries.load_request(request_id), Seen(1)),
        Conflict, "has not joined a locality",
    )  # fmt: skip


def test_a_request_that_was_withdrawn_takes_no_decision() -> None:
    request = LssRequest(status=Status.WITHDRAWN, version=1)
    with pytest.raises(Conflict, match="was withdrawn"):
        request.take_decision({"outcome": "agree"}, at=now())
    assert request.decision is None
