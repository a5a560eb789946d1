"""Every address, knocked at with ids of another school, partnership, family or referral: the same page as for nothing.

Whoever adds a parameter to a URL teaches `furnishing` which row it names; until then the first test fails.
"""

import pytest

from app.kernel.access import Audience, Role
from tests.isolation.ground import BY_AUDIENCE, EVERYBODY, Ground
from tests.isolation.probing import addresses, offences

# Addresses that nobody of these people can open with these rows, each for its reason. The others open for somebody.
SHUT: dict[str, str] = {}


@pytest.mark.parametrize("audience", list(BY_AUDIENCE))
def test_every_parameter_of_an_address_is_known_here(ground: Ground, audience: Audience) -> None:
    app = ground.world.database.hosts.apps[audience]
    unknown = {
        address.rule.rule: names
        for address in addresses(app)
        if (names := address.unknown_parameters(ground.own[audience]))
    }
    assert unknown == {}


@pytest.mark.parametrize(("audience", "role"), EVERYBODY)
def test_a_strangers_row_and_no_row_get_the_same_page(ground: Ground, audience: Audience, role: Role) -> None:
    knocker = ground.knocker(role)
    found = [
        offence
        for address in ground.closed_addresses(audience, role)
        if address.parameters
        for stranger in ground.strangers_to(audience, role)
        for offence in offences(knocker, address, ground.own[audience], stranger)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("audience", list(BY_AUDIENCE))
def test_ones_own_row_is_found(ground: Ground, audience: Audience) -> None:
    """Otherwise the probe would prove nothing: a wrong id of our own is as lost as a stranger's."""
    lost: dict[str, list[int]] = {}
    for role in BY_AUDIENCE[audience]:
        knocker = ground.knocker(role)
        for address in ground.closed_addresses(audience, role):
            if address.method == "GET" and address.parameters:
                path = address.path(address.ids_in(ground.own[audience]))
                lost.setdefault(address.rule.rule, []).append(knocker.knock("GET", path).status)
    shut = {rule: statuses for rule, statuses in lost.items() if min(statuses) >= 400}
    assert shut.keys() == SHUT.keys(), shut


def test_the_probe_notices_a_page_that_answers_a_stranger(ground: Ground) -> None:
    """Knocking with our own row in the stranger's place must be an offence."""
    ours = ground.own[Audience.SCHOOL]
    address = next(
        address
        for address in ground.closed_addresses(Audience.SCHOOL, Role.SENDCO)
        if address.rule.rule == "/pupils/<uuid:pupil_id>"
    )
    stranger = ground.strangers[Audience.SCHOOL][0]
    exposed = type(stranger)("ourselves", ours, ("Amara",))
    found = list(offences(ground.knocker(Role.SENDCO), address, ours, exposed))
    assert len(found) == 2, found
    assert "200 for theirs, 404 for nothing" in found[0]
    assert "says ['Amara']" in found[1]
