"""Who may move the locality's money, whatever page they come from."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.funds import queries, service
from app.funds.models import Fund, FundEntry
from app.funds.service import Correction, Opening, TopUp
from app.funds.years import year_of
from app.kernel.access import Actor
from app.kernel.clock import today
from infrastructure.database.door import db
from tests.builders import panels
from tests.builders.refusing import refused
from tests.world import World


def correct(actor: Actor, fund: Fund) -> None:
    entry = db.session.scalars(select(FundEntry).where(FundEntry.fund_id == fund.id)).one()
    service.correct(actor, fund, entry, Correction("put_in", 100, "Wrong"))


DEEDS: dict[str, Callable[[Actor, Fund], Any]] = {
    "open": lambda actor, _: service.open_fund(actor, Opening("Another fund", year_of(today()), 100)),
    "top up": lambda actor, fund: service.top_up(actor, fund, TopUp(100, "More")),
    "correct": correct,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_who_reaches_the_service_without_the_role_moves_no_money(world: World, deed: str) -> None:
    fund_id = panels.fund(world)
    refused(
        world,
        [world.clerk, world.chair, world.vice_chair, world.area_lead],
        lambda actor: DEEDS[deed](actor, queries.load_fund(fund_id)),
    )
