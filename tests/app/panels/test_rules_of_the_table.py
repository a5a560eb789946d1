"""The rules of the table hold in PostgreSQL, whatever the pages do."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.access import Role
from tests.builders import panels
from tests.world import Somebody, World

DECIDE = """insert into decision (tenant_id, id, home_tenant_id, item_id, share_id, meeting_id, outcome, reason, present,
    decided_by {more_names}) select tenant_id, gen_random_uuid(), home_tenant_id, id, share_id, meeting_id, 'agree', 'x',
    99, :person {more} from panel_item"""


def decided(world: World, item_id: UUID) -> list[Any]:
    return world.rows("select * from decision where item_id = %s", item_id)


def _force(
    world: World, who: Somebody, *, person: Somebody | None = None, names: str = "", more: str = ""
) -> None:
    with world.acting(who) as session:
        session.execute(text(DECIDE.format(more_names=names, more=more)), {"person": (person or who).id})


def test_postgresql_keeps_the_rules_of_the_table_whatever_the_pages_do(
    world: World, item_id: UUID, fund_id: UUID
) -> None:
    award, columns = f", '{fund_id}', 100, 1", ", fund_id, amount_pence, terms"
    with pytest.raises(DBAPIError, match="somebody else presides"):
        _force(world, world.vice_chair)
    with pytest.raises(DBAPIError, match="row-level security"):
        _force(world, world.vice_chair, person=world.chair)
    with pytest.raises(DBAPIError, match="row-level security"):
        _force(world, replace(world.chair, roles=frozenset({Role.CLERK})))
    with pytest.raises(DBAPIError, match="the instalments are not the award"):
        _force(world, world.chair, names=columns, more=award)
    with pytest.raises(DBAPIError, match="more than was asked"):
        _force(world, world.chair, names=columns, more=f", '{fund_id}', 999999999, 1")
    with pytest.raises(DBAPIError, match="row-level security"), world.acting(world.chair) as session:
        session.execute(text("update panel_item set status = 'decided'"))
    with pytest.raises(DBAPIError, match="row-level security"), world.acting(world.vice_chair) as session:
        session.execute(text("update panel_item set meeting_id = null, status = 'waiting'"))
    with pytest.raises(DBAPIError, match="permission denied"), world.acting(world.chair) as session:
        session.execute(text("update panel_item set amount_pence = 1"))
    world.execute("delete from attendance where person_id = %s", world.member.id)
    world.execute("delete from attendance where person_id = %s", world.third_member.id)
    with pytest.raises(DBAPIError, match="too few are present"):
        _force(world, world.chair)
    assert decided(world, item_id) == []
    panels.arrive(
        world, world.scalar("select meeting_id from panel_item where id = %s", item_id), world.member
    )
    _force(world, world.chair)
    assert decided(world, item_id)[0].present == 3


def test_a_chair_cannot_count_heads_or_issue_what_was_not_decided(world: World, item_id: UUID) -> None:
    arrive = """insert into attendance (tenant_id, id, meeting_id, person_id, recorded_by)
        select tenant_id, gen_random_uuid(), meeting_id, :person, ctx.person() from panel_item"""
    forge = """insert into reply (tenant_id, id, home_tenant_id, share_id, kind, content, person_id, author_name)
        select tenant_id, gen_random_uuid(), home_tenant_id, share_id, 'decision', '{"outcome": "agree"}', ctx.person(),
        'Me' from panel_item"""
    for who in (world.chair, world.vice_chair):
        with pytest.raises(DBAPIError, match="row-level security"), world.acting(who) as session:
            session.execute(text(arrive), {"person": world.area_lead.id})
    for who in (world.chair, world.clerk):
        with pytest.raises(DBAPIError, match="no decision says this"), world.acting(who) as session:
            session.execute(text(forge))


def test_a_withdrawn_request_cannot_be_decided(world: World, item_id: UUID) -> None:
    world.execute(
        "update share set revoked_at = now(), revoked_because = 'x' where id = (select share_id from panel_item where id = %s)",
        item_id,
    )
    refused = world.browser(world.chair).post(
        f"/items/{item_id}/decision", panels.RULING | {"outcome": "decline"}
    )
    assert refused.status_code == 409
    assert "has been withdrawn" in refused.text
    with pytest.raises(DBAPIError), world.acting(world.chair) as session:
        session.execute(text(DECIDE.format(more_names="", more="")), {"person": world.chair.id})


def test_a_meeting_that_is_over_decides_nothing(world: World, meeting_id: UUID, item_id: UUID) -> None:
    world.execute("update meeting set status = 'closed' where id = %s", meeting_id)
    browser = world.browser(world.chair)
    refused = browser.post(f"/items/{item_id}/decision", panels.RULING | {"outcome": "decline"})
    assert refused.status_code == 409
    assert "This meeting is over" in refused.text
    with pytest.raises(DBAPIError, match="not on this agenda"):
        _force(world, world.chair)
    assert browser.post(f"/items/{item_id}/deferral").status_code == 303
