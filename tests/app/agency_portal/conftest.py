"""A referral that has been sent, for every test of this folder that asks for one."""

import pytest

from tests.builders import referrals as builders
from tests.builders.referrals import Sent
from tests.world import World


@pytest.fixture
def sent(world: World) -> Sent:
    return builders.sent_referral(world, world.amara)
