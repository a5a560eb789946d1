"""What a page may cost: three statements whatever the rows, no change by looking, and little to download on a phone."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Engine, event

from app.kernel.access import Audience, Role
from app.web.site import BUILD
from tests.architecture.crowd import crowd
from tests.isolation.ground import EVERYBODY, Ground, two_partnerships
from tests.services import TestDatabase

MOST_STATEMENTS = 3
MOST_BYTES, MOST_REQUESTS = 45_000, 5
# Around the page, in transactions of their own: who has looked, and that the session is still in use.
NOTING = "ctx.log_read"
AROUND = (NOTING, "door.touch_session")
BIND = "door.open_session"
# What looking does write: the session was used, somebody looked, a link was opened.
WRITTEN_BY_LOOKING = {"session", "read_log", "link_event"}
IMPORT = re.compile(r"""^import .*from ['"]\./([^'"]+)['"]""", re.MULTILINE)

LISTS = 50  # so many pages, each counted once for each role, do show more when there is more


@dataclass(frozen=True, slots=True)
class Cost:
    statements: int
    length: int


@pytest.fixture(scope="module")
def ground(database: TestDatabase) -> Iterator[Ground]:
    with two_partnerships(database) as ground:
        yield ground


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that any engine of this process is asked to run."""
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def _statements(statements: list[str]) -> int:
    """Noting who looked binds a second time; that is not the page's."""
    noted = any(NOTING in statement for statement in statements)
    around = sum(any(words in statement for words in AROUND) for statement in statements)
    binds = sum(BIND in statement for statement in statements)
    return len(statements) - around - (binds - 1 if noted else 0)


def _costs(ground: Ground, audience: Audience, role: Role) -> Iterator[tuple[str, Cost]]:
    """Of each page that this role can open."""
    knocker, own = ground.knocker(role), ground.own[audience]
    for address in ground.closed_addresses(audience, role):
        if address.method == "GET" and not address.unknown_parameters(own):
            with counted() as statements:
                response = knocker.open(address.path(address.ids_in(own)))
            if response.status_code == 200:
                yield f"{address.rule.rule} as {role}", Cost(_statements(statements), len(response.data))


def test_a_page_takes_three_statements_at_most_however_many_rows_there_are(ground: Ground) -> None:
    few = dict(cost for audience, role in EVERYBODY for cost in _costs(ground, audience, role))
    crowd(ground)
    many = dict(cost for audience, role in EVERYBODY for cost in _costs(ground, audience, role))
    dear = {page: cost.statements for page, cost in many.items() if cost.statements > MOST_STATEMENTS}
    assert not dear, dear
    grown = {page for page in few.keys() & many.keys() if few[page].statements != many[page].statements}
    assert not grown, grown
    # Otherwise a page would have been compared with itself.
    longer = {page for page in few.keys() & many.keys() if many[page].length > few[page].length + 1000}
    assert len(longer) >= LISTS, longer


def _fingerprints(ground: Ground) -> dict[str, tuple[int, str]]:
    """Of each table: how many rows, and a digest of all of them."""
    with ground.world.database.as_admin() as admin:
        tables = admin.execute(
            "select tablename from pg_tables where schemaname = 'public' order by 1"
        ).fetchall()
        found = {}
        for (table,) in tables:
            query = f"select count(*), coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') from {table} t"
            row = admin.execute(query).fetchone()
            assert row is not None
            found[table] = (row[0], row[1])
    return found


def test_opening_every_page_changes_nothing(ground: Ground) -> None:
    ground.world.execute("update session set seen_at = now()")
    knockers = [(ground.knocker(role), audience, role) for audience, role in EVERYBODY]
    before = _fingerprints(ground)
    for knocker, audience, role in knockers:
        for address in ground.closed_addresses(audience, role):
            if address.method == "GET" and not address.unknown_parameters(ground.own[audience]):
                knocker.open(address.path(address.ids_in(ground.own[audience])))
    after = _fingerprints(ground)
    changed = {table for table in after if after[table] != before.get(table)}
    assert changed <= WRITTEN_BY_LOOKING, changed


def _downloads(html: str) -> dict[str, int]:
    """Of each file that a browser fetches with the page: how many bytes, packed."""
    page = BeautifulSoup(html, "html.parser")
    found = {"the page": len(gzip.compress(html.encode(), mtime=0))}
    waiting = [
        str(element.get("src") or element.get("href"))
        for element in page.select("script[src], img[src], link[href]")
    ]
    while waiting:
        path = urlsplit(waiting.pop()).path
        if path.startswith("/static/"):
            content = (BUILD / path.rsplit("/", maxsplit=1)[-1]).read_bytes()
            waiting += [f"/static/0/{name}" for name in IMPORT.findall(content.decode(errors="replace"))]
            found[path.rsplit("/", maxsplit=1)[-1]] = len(gzip.compress(content, mtime=0))
        else:
            found[path] = 100
    return found


@pytest.mark.parametrize(("audience", "role"), EVERYBODY[-2:])
def test_a_first_visit_on_a_phone_is_light(ground: Ground, audience: Audience, role: Role) -> None:
    """Families and professionals come by telephone, often over a poor line, with nothing kept from before."""
    assert BUILD.exists(), "The assets are not built. `python3 dev.py test` builds them first."
    knocker, own = ground.knocker(role), ground.own[audience]
    visitor = ground.world.visitor(knocker.host)
    doors = {
        path: visitor.get(path).text
        for path in ("/", "/sign-in")
        if audience is Audience.FAMILY or path == "/"
    }
    pages = {
        address.rule.rule: knocker.page(address.path(address.ids_in(own)))
        for address in ground.closed_addresses(audience, role)
        if address.method == "GET" and not address.unknown_parameters(own)
    }
    heavy = {}
    for rule, html in (doors | pages).items():
        files = _downloads(html)
        if sum(files.values()) > MOST_BYTES or len(files) > MOST_REQUESTS:
            heavy[rule] = files
    assert not heavy, heavy
