"""A no outlives the ask it was given to: the page says so, and the school cannot share over it."""

from uuid import UUID

import pytest

from app.kernel.errors import Conflict
from app.sharing import queries
from app.sharing.standing import State
from tests.app.sharing.test_service import open_share
from tests.builders.sharing import asked, consented
from tests.world import World


def ask_again(world: World, ask_id: UUID) -> UUID:
    world.execute("update consent_ask set closed_at = now() where id = %s", ask_id)
    return asked(world, world.amara, world.ashmere, content={"child": "Amara O", "why now": "Otherwise."})


def state(world: World, ask_id: UUID) -> State:
    with world.acting(world.sendco):
        return queries.standing(ask_id).state


def test_a_no_to_an_earlier_ask_holds_the_next_one_up_until_that_parent_says_yes(world: World) -> None:
    first = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, first, world.father, given=False)
    again = ask_again(world, first)
    assert state(world, again) is State.REFUSED
    consented(world, world.amara, again, world.mother)
    assert state(world, again) is State.REFUSED
    with pytest.raises(Conflict, match="no adult who says no"):
        open_share(world, again, world.sendco)
    consented(world, world.amara, again, world.father)
    assert state(world, again) is State.GIVEN
    assert open_share(world, again, world.sendco)


def test_a_yes_to_an_earlier_ask_is_no_yes_to_the_next(world: World) -> None:
    first = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, first, world.father)
    assert state(world, ask_again(world, first)) is State.WAITING


def test_the_page_names_who_still_says_no_and_the_family_page_names_nobody(world: World) -> None:
    first = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, first, world.father, given=False)
    again = ask_again(world, first)
    page = world.browser(world.sendco).get(f"/consents/{again}").text
    assert "said no to an earlier question about this" in page
    assert world.father.name in page
    link = world.mother.links["amara"]
    assert world.father.name not in world.browser(world.mother).get(f"/children/{link}/consents/{again}").text
    consented(world, world.amara, again, world.father)
    assert "earlier question" not in world.browser(world.sendco).get(f"/consents/{again}").text
