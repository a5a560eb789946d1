"""Who may open which address: exactly what `access.txt` says.

After a deliberate change, write the file anew and read the difference as an attacker would:
`python -m tests.architecture.write_access`.
"""

import pytest
from flask import Flask

from app.composition import NAVIGATION, RECORD_TABS
from app.kernel.access import LOCALITY_ROLES, SCHOOL_ROLES, Audience, Role
from app.web.access import access_of, check_every_route, open_to_all, requires
from tests.architecture.routes import GOLDEN, access_lines, audience_apps

BELONG = {
    Audience.FRONT: frozenset(),
    Audience.SCHOOL: SCHOOL_ROLES,
    Audience.LOCALITY: LOCALITY_ROLES,
    Audience.FAMILY: frozenset({Role.GUARDIAN}),
    Audience.AGENCY: frozenset({Role.PROFESSIONAL}),
}
# Pages that people need before they have signed in. Anything else that opens to all is a decision: write it here.
OPEN_BLUEPRINTS = {"web", "demo", "front", "accounts", "agency"}


@pytest.fixture(scope="module")
def apps() -> dict[Audience, Flask]:
    return audience_apps()


def test_every_address_is_open_to_exactly_whom_the_file_says() -> None:
    assert access_lines() == GOLDEN.read_text().splitlines()


@pytest.mark.parametrize("audience", list(Audience))
def test_the_roles_of_a_view_exist_in_its_audience(apps: dict[Audience, Flask], audience: Audience) -> None:
    app = apps[audience]
    shared = BELONG[Audience.SCHOOL] | BELONG[Audience.LOCALITY]
    for rule in app.url_map.iter_rules():
        roles = access_of(app, rule.endpoint).roles
        # Schools and localities share their staff pages, so such a view may name a role of either.
        known = shared if audience in (Audience.SCHOOL, Audience.LOCALITY) else BELONG[audience]
        assert roles <= known, (rule.rule, roles - known)
        assert not roles or roles & BELONG[audience], (rule.rule, "nobody of this audience can ever open it")


@pytest.mark.parametrize("audience", list(Audience))
def test_only_doors_are_open_to_all(apps: dict[Audience, Flask], audience: Audience) -> None:
    app = apps[audience]
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint).open}
    assert {name for name in opened if name.split(".")[0] not in OPEN_BLUEPRINTS} == set()


@pytest.mark.parametrize("audience", list(Audience))
def test_an_address_answers_to_get_or_post_and_nothing_else(
    apps: dict[Audience, Flask], audience: Audience
) -> None:
    for rule in apps[audience].url_map.iter_rules():
        methods = (rule.methods or set()) - {"OPTIONS"}
        assert methods in ({"GET", "HEAD"}, {"POST"}), (rule.rule, methods)


def test_a_view_that_does_not_say_who_may_open_it_does_not_start() -> None:
    app = Flask(__name__, static_folder=None)

    @app.get("/known")
    @open_to_all
    def known() -> str:
        return ""

    @app.get("/signed-in")
    @requires()
    def signed_in() -> str:
        return ""

    check_every_route(app)

    @app.get("/forgotten")
    def forgotten() -> str:
        return ""

    with pytest.raises(RuntimeError, match="forgotten does not say who may open it"):
        check_every_route(app)


@pytest.mark.parametrize("audience", list(Audience))
def test_navigation_leads_only_where_one_may_go(apps: dict[Audience, Flask], audience: Audience) -> None:
    """A link that answers "You cannot do this" is a fault."""
    app = apps[audience]
    for item in NAVIGATION[audience]:
        if item.endpoint in app.view_functions:
            declared = access_of(app, item.endpoint).roles & BELONG[audience]
            assert (item.roles or BELONG[audience]) <= (declared or BELONG[audience]), item


def test_the_tabs_of_a_record_lead_only_where_one_may_go(apps: dict[Audience, Flask]) -> None:
    app = apps[Audience.SCHOOL]
    for tab in RECORD_TABS:
        assert tab.roles <= (access_of(app, tab.endpoint).roles or SCHOOL_ROLES), tab
