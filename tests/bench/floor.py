"""The plan page against its own statements; row security against none; the post against a direct enqueue."""

from collections.abc import Callable
from itertools import cycle
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Engine, event

from infrastructure.database.door import open_engine
from infrastructure.database.ids import new_id
from tests.bench.cpu import Side, measure, ratio
from tests.bench.post import post_against_enqueue
from tests.builders.plans import agreed_plan
from tests.services import database_url
from tests.standalone import standalone_database
from tests.world import World

Statement = tuple[str, Any]


def run(repeats: int) -> None:
    with standalone_database() as database:
        world = World(database)
        plan_id = agreed_plan(world, world.amara)
        _grow(world)
        print(page_against_floor(world, plan_id, repeats))  # noqa: T201 - this is a command
        print(page_with_security_against_none(world, plan_id, repeats))  # noqa: T201
        print(security_against_none(world, plan_id, repeats))  # noqa: T201
        print(post_against_enqueue(database, repeats))  # noqa: T201


def _grow(world: World) -> None:
    """Other schools and other children, so that indexes have something to leave out."""
    for _ in range(20):
        other = World(world.database)
        agreed_plan(other, other.amara)
        agreed_plan(other, other.idris)


def page_against_floor(world: World, plan_id: UUID, repeats: int) -> str:
    """A full request (session, isolation, read log, HTML) against the same statements on a warm psycopg connection."""
    # One session may open 900 pages a minute: many sessions share the work.
    browsers = cycle([world.browser(world.sendco) for _ in range(60)])
    path = f"/plans/{plan_id}"
    headers = {"Sec-Fetch-Site": "same-origin"}

    def page() -> None:
        browser = next(browsers)
        answer = browser.client.get(path, base_url=f"https://{browser.host}", headers=headers)
        assert answer.status_code == 200, answer.status_code

    statements = _recorded(world, page)
    with psycopg.connect(database_url("send_web", world.database.name)) as raw:
        web = _engine(world)
        sides = {
            "page": Side(page, lambda: _backends(web, world)),
            "floor": _replay(raw, statements),
        }
        found = measure(sides, repeats=repeats, blocks=12, per_block=25)
    return ratio("plan page / its statements on psycopg", found["page"], found["floor"], 6.0)


def page_with_security_against_none(world: World, plan_id: UUID, repeats: int) -> str:
    """The plan page as a full request, and the same request whose transaction bypasses row security."""
    browsers = cycle([world.browser(world.sendco) for _ in range(60)])
    headers = {"Sec-Fetch-Site": "same-origin"}
    bypassing = False

    def rewrite(_: Any, __: Any, query: str, values: Any, *___: Any) -> Statement:
        return _without_security(query, values, world) if bypassing else (query, values)

    def page(bypass: bool) -> Callable[[], None]:
        def act() -> None:
            nonlocal bypassing
            bypassing, browser = bypass, next(browsers)
            answer = browser.client.get(
                f"/plans/{plan_id}", base_url=f"https://{browser.host}", headers=headers
            )
            assert answer.status_code == 200, answer.status_code

        return act

    engine = _engine(world)
    _befriend(world)
    event.listen(engine, "before_cursor_execute", rewrite, retval=True)
    try:
        sides = {
            name: Side(page(name == "bypassing"), lambda: _backends(engine, world))
            for name in ("guarded", "bypassing")
        }
        found = measure(sides, repeats=repeats, blocks=12, per_block=25)
    finally:
        event.remove(engine, "before_cursor_execute", rewrite)
        _part(world)
    return ratio(
        "row security / a role that bypasses it, the plan page", found["guarded"], found["bypassing"], 1.10
    )


def _befriend(world: World) -> None:
    """For the length of a measurement: no service starts while its login has such a friend."""
    world.execute("grant send_backup to send_web with inherit false")
    world.execute("grant usage on schema ctx to send_backup")
    world.execute("grant execute on function ctx.log_read to send_backup")


def _part(world: World) -> None:
    world.execute("revoke send_backup from send_web")


def _engine(world: World) -> Engine:
    return open_engine(database_url("send_web", world.database.name).replace("://", "+psycopg://", 1))


def _backends(engine: Engine, world: World) -> list[int]:
    query = "select pid from pg_stat_activity where usename = 'send_web' and datname = %s and application_name = ''"
    return [row.pid for row in world.rows(query, world.database.name)]


def _recorded(world: World, act: Callable[[], object]) -> list[list[Statement]]:
    """The statements of one request, grouped by transaction."""
    groups: list[list[Statement]] = []
    engine = _engine(world)

    def begin(_: Any) -> None:
        groups.append([])

    def note(_: Any, __: Any, query: str, values: Any, *___: Any) -> None:
        groups[-1].append((query, values))

    event.listen(engine, "begin", begin)
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "begin", begin)
        event.remove(engine, "before_cursor_execute", note)
    return [group for group in groups if group]


def _fresh(values: Any) -> Any:
    """Rows that are written need a new id each time."""
    if isinstance(values, dict) and "id" in values and "what" in values:
        return {**values, "id": new_id()}
    return values


def security_against_none(world: World, plan_id: UUID, repeats: int) -> str:
    """The statements of the plan page under row security, and as a role that bypasses it: there a tenant is named."""
    browser = world.browser(world.sendco)
    guarded = _recorded(world, lambda: browser.get(f"/plans/{plan_id}"))
    bypassing = [[_without_security(query, values, world) for query, values in group] for group in guarded]
    _befriend(world)
    url = database_url("send_web", world.database.name)
    with psycopg.connect(url) as one, psycopg.connect(url) as other:
        sides = {"guarded": _replay(one, guarded), "bypassing": _replay(other, bypassing)}
        whole = measure(sides, repeats=repeats, blocks=12, per_block=50)
        one.execute(*guarded[0][0])
        other.execute(*bypassing[0][0])
        sides = {"guarded": _read(one, guarded[0][1:]), "bypassing": _read(other, bypassing[0][1:])}
        reads = measure(sides, repeats=repeats, blocks=12, per_block=100)
    _part(world)
    return "\n".join(
        (
            ratio("  of that, its statements on psycopg", whole["guarded"], whole["bypassing"]),
            ratio("  of those, what it reads", reads["guarded"], reads["bypassing"]),
        )
    )


def _replay(connection: psycopg.Connection[Any], groups: list[list[Statement]]) -> Side:
    """Transaction by transaction, each committed: after a ROLLBACK psycopg forgets what it has prepared."""

    def act() -> None:
        for group in groups:
            for query, values in group:
                connection.execute(query, _fresh(values)).fetchall()
            connection.commit()

    return Side(act, lambda: [connection.info.backend_pid])


def _read(connection: psycopg.Connection[Any], statements: list[Statement]) -> Side:
    """Within the transaction that is open."""

    def act() -> None:
        for query, values in statements:
            connection.execute(query, values).fetchall()

    return Side(act, lambda: [connection.info.backend_pid])


def _without_security(query: str, values: Any, world: World) -> Statement:
    if not query.startswith("SELECT"):
        return query.replace(
            "set_config('role', s.role, true)", "set_config('role', 'send_backup', true)"
        ), values
    return _with_tenant(query), {**values, "tenant": world.larkrise.id}


def _with_tenant(query: str) -> str:
    """The condition that the policy adds by itself; subqueries are joined by their tenant already."""
    before, where, condition = query.rpartition("\nWHERE ")  # the last is the outermost
    table = condition.partition(".")[0]
    return f"{before}{where}{table}.tenant_id = %(tenant)s AND {condition}"
