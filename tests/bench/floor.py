"""The plan page against its own statements; row security against none; the post against a direct enqueue."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from rq import Queue
from sqlalchemy import Engine, create_engine, event, text

from infrastructure import queue as queues
from infrastructure.database.door import open_engine
from infrastructure.database.ids import new_id
from tests.bench.cpu import Side, measure, ratio
from tests.builders.plans import agreed_plan
from tests.live import live_service
from tests.reliability.sender import Sender
from tests.services import TestDatabase, admin_engine_url, database_url
from tests.standalone import standalone_database
from tests.world import World

Statement = tuple[str, Any]


def run(repeats: int) -> None:
    with standalone_database() as database:
        world = World(database)
        plan_id = agreed_plan(world, world.amara)
        _grow(world)
        print(page_against_floor(world, plan_id, repeats))  # noqa: T201 - this is a command
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

        def floor() -> None:
            for group in statements:
                for query, values in group:
                    raw.execute(query, _fresh(values)).fetchall()
                raw.rollback()

        web = _engine(world)
        sides = {
            "page": Side(page, lambda: _backends(web, world)),
            "floor": Side(floor, lambda: [raw.info.backend_pid]),
        }
        found = measure(sides, repeats=repeats, blocks=12, per_block=25)
    return ratio("plan page / its statements on psycopg", found["page"], found["floor"], 6.0)


def _engine(world: World) -> Engine:
    return open_engine(database_url("send_web", world.database.name).replace("://", "+psycopg://", 1))


def _backends(engine: Engine, world: World) -> list[int]:
    query = "select pid from pg_stat_activity where usename = 'send_web' and datname = %s and application_name = ''"
    return [row.pid for row in world.rows(query, world.database.name)]


def _recorded(world: World, act: Callable[[], None]) -> list[list[Statement]]:
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
    """Rows that are written need a new id each time; everything is rolled back in the floor."""
    if isinstance(values, dict) and "id" in values and "what" in values:
        return {**values, "id": new_id()}
    return values


def security_against_none(world: World, plan_id: UUID, repeats: int) -> str:
    """The plan's own statement under row security, and the same as a role that bypasses it, with the tenant named."""
    query = text("""
        select p.*, (select json_agg(t) from target t where t.tenant_id = p.tenant_id and t.plan_id = p.id)
        from plan p where p.id = :plan and p.tenant_id = :tenant""")
    values = {"plan": plan_id, "tenant": world.larkrise.id}
    engine = create_engine(admin_engine_url(world.database.name))
    with engine.connect() as guarded, engine.connect() as bypassing:
        for name, value in (
            ("app.tenant_id", str(world.larkrise.id)),
            ("app.person_id", str(world.sendco.id)),
            ("app.roles", "sendco"),
            ("role", "send_school"),
        ):
            guarded.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": value})
        bypassing.execute(text("set local role send_backup")) if _may_read(bypassing) else None
        pids = {c: c.scalar(text("select pg_backend_pid()")) for c in (guarded, bypassing)}

        def ask(connection: Any) -> Callable[[], None]:
            def act() -> None:
                assert connection.execute(query, values).one()

            return act

        sides = {
            "guarded": Side(ask(guarded), lambda: [pids[guarded]]),
            "bypassing": Side(ask(bypassing), lambda: [pids[bypassing]]),
        }
        found = measure(sides, repeats=repeats, blocks=12, per_block=200)
    engine.dispose()
    return ratio("row security / a role that bypasses it", found["guarded"], found["bypassing"], 1.10)


def _may_read(connection: Any) -> bool:
    return bool(connection.scalar(text("select has_table_privilege('send_backup', 'plan', 'select')")))


def post_against_enqueue(database: TestDatabase, repeats: int) -> str:
    """From the commit of a form to the start of its job, against asking RQ for the job directly."""
    with (
        tempfile.TemporaryDirectory() as log,
        live_service(database, Path(log), "web", "relay", "quick") as live,
    ):
        world = World(database, live.domain)
        posted = [_posted(world, live.port) for _ in range(10 * repeats)][5:]
        with world.database.as_admin() as admin:
            admin.execute("select 1")
        outlet = queues.open_queue(queues.QUICK, queues.open_redis(os.environ["REDIS_URL"]))
        direct = [_enqueued(world, outlet) for _ in range(10 * repeats)][5:]
    over, under = statistics.quantiles(posted, n=20)[-1], statistics.quantiles(direct, n=20)[-1]
    middle = over / under
    verdict = "ok" if middle <= 5 else "TOO SLOW"
    return (
        f"commit to job start / direct enqueue, p95: {over * 1000:.0f} ms / {under * 1000:.0f} ms = {middle:.2f}x "
        f"(limit 5x) {verdict}"
    )


_START = """select extract(epoch from n.created_at) from notification n
    where n.kind = 'safeguarding_note' and n.person_id = %s order by n.created_at desc limit 1"""


def _posted(world: World, port: int) -> float:
    """Seconds from the answer that says "kept" back to its commit are not counted: the answer comes after it."""
    before = _count(world)
    sender = Sender(port, world.host_of(world.assistant), world.session_of(world.assistant))
    path = f"/pupils/{world.amara.id}/safeguarding-notes"
    sender.read_token(f"{path}/new")
    day = {"happened_on-day": "9", "happened_on-month": "3", "happened_on-year": "2026"}
    assert sender.send(path, {**day, "words": str(new_id())})
    _wait(lambda: _count(world) > before)
    committed = world.scalar(
        "select extract(epoch from max(occurred_at)) from outbox_entry where kind = 'SafeguardingNoteWritten'"
    )
    return float(world.scalar(_START, world.dsl.id)) - float(committed)


def _enqueued(world: World, outlet: Queue) -> float:
    """The same job for a delivery that is leased already: RQ is asked directly."""
    before = _count(world)
    entry, delivery = new_id(), new_id()
    tenant = world.larkrise.id
    note = world.scalar("select id from safeguarding_note where tenant_id = %s limit 1", tenant)
    world.execute(
        "insert into outbox_entry (tenant_id, id, for_tenant_id, kind, payload, expanded_at) "
        "values (%s, %s, %s, 'SafeguardingNoteWritten', jsonb_build_object('note_id', %s::text), now())",
        tenant,
        entry,
        tenant,
        note,
    )
    world.execute(
        "insert into delivery (tenant_id, id, author_tenant_id, entry_id, handler, attempts, leased_until) "
        "values (%s, %s, %s, %s, 'tell_safeguarding_lead', 1, now() + interval '1 minute')",
        tenant,
        delivery,
        tenant,
        entry,
    )
    asked = time.time()
    queues.send(outlet, delivery, 1)
    _wait(lambda: _count(world) > before)
    return float(world.scalar(_START, world.dsl.id)) - asked


def _count(world: World) -> int:
    return int(world.scalar("select count(*) from notification where person_id = %s", world.dsl.id))


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline, "the job never ran"
        time.sleep(0.01)
