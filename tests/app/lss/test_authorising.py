"""Who may put their name to a request, and what PostgreSQL keeps as it was."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders import lss as builders
from tests.builders.lss import press, row
from tests.world import World


def test_nobody_authorises_their_own_request(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara, created_by=world.head.id)
    assert press(world, world.head, request_id, "authorisation") == 403
    for who in (world.sendco, world.dsl):
        assert press(world, who, request_id, "authorisation") == 403


def test_who_has_written_in_a_request_is_not_forgotten_when_somebody_else_saves_it(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara, editors=[world.head.id, world.sendco.id])
    assert press(world, world.head, request_id, "authorisation") == 403
    with (
        pytest.raises(DBAPIError, match="an editor is never forgotten"),
        world.acting(world.sendco) as session,
    ):
        session.execute(text("update lss_request set editors = '{}' where id = :id"), {"id": request_id})


def test_postgresql_lets_nobody_authorise_in_the_heads_name(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara)
    forged = "update lss_request set status = 'authorised', authorised_by = :head where id = :id"
    with (
        pytest.raises(DBAPIError, match="only a headteacher authorises"),
        world.acting(world.sendco) as session,
    ):
        session.execute(text(forged), {"head": world.head.id, "id": request_id})
    with world.acting(world.head) as session:
        session.execute(text(forged), {"head": world.head.id, "id": request_id})
    assert row(world, request_id).status == "authorised"


def test_postgresql_keeps_the_words_that_the_family_was_asked_about(world: World) -> None:
    request_id, _ = builders.asked_request(world, world.amara)
    with pytest.raises(DBAPIError, match="asked about is not changed"), world.acting(world.sendco) as session:
        session.execute(text("update lss_request set wanted = 'More' where id = :id"), {"id": request_id})
