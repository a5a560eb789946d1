"""Something behind every address: for each parameter of a URL, the row that it would name at one school or panel."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from app.web.hosts import Hosts
from infrastructure.database.ids import new_id
from tests.builders.documents import clean_document
from tests.builders.lss import draft_request
from tests.builders.panels import full_table, meeting
from tests.builders.plans import draft_plan, reviewed_plan
from tests.isolation.cases import Case
from tests.isolation.handing_over import referral, request
from tests.services import TestDatabase
from tests.world import Child, Organisation, Somebody, World

Ids = dict[str, UUID]


class Furnisher(TestDatabase):
    """The same database through one connection of the administrator: furnishing takes hundreds of statements."""

    def __init__(self, of: TestDatabase, connection: psycopg.Connection[Any]) -> None:
        super().__init__(of.name)
        object.__setattr__(self, "_of", of)
        object.__setattr__(self, "_connection", connection)

    @property
    def hosts(self) -> Hosts:
        return self._of.hosts  # type: ignore[attr-defined,no-any-return]

    @contextmanager
    def as_admin(self) -> Iterator[psycopg.Connection[Any]]:
        yield self._connection  # type: ignore[attr-defined]


@contextmanager
def furnisher(database: TestDatabase) -> Iterator[Furnisher]:
    with database.as_admin() as connection:
        yield Furnisher(database, connection)


def school(world: World, case: Case) -> Ids:
    """Everything that a school's own addresses name, all of it about one child and one member of staff."""
    at, child, sendco = case.at, case.child, case.sendco
    reviewed = reviewed_plan(world, child, by=sendco)
    draft = draft_plan(world, child, sendco)
    link = case.adult.links[case.label]
    return {
        "pupil_id": child.id,
        "plan_id": draft,
        "review_id": one(world, "review", "plan_id", reviewed),
        "target_id": one(world, "target", "plan_id", draft),
        "line_id": one(world, "provision", "plan_id", draft),
        "document_id": clean_document(world, child, stored=False, shown=True, by=sendco),
        "link_id": link,
        "contact_id": one(world, "guardianship", "id", link, "contact_id"),
        "request_id": draft_request(world, child, sendco),
        "change_id": _access_changes(world, child, link, case.head),
        "import_id": world.insert("roll_import", tenant_id=at.id, person_id=case.admin.id, rows=Jsonb([])),
        **referral(world, child, case.adult, sendco),
        **_class(world, at, sendco),
        **_of_staff(world, at, case.desk),
    }


def _access_changes(world: World, child: Child, link: UUID, lead: Somebody) -> UUID:
    """One that was confirmed and one that waits. Both acted at once; here they are undone: the adult still has to look."""
    of = {
        "tenant_id": child.tenant_id,
        "pupil_id": child.id,
        "guardianship_id": link,
        "reason": "A court order",
    }
    proposed = of | {"proposed_by": lead.id, "proposed_role": "headteacher"}
    done = world.insert("access_change", **proposed, to_status="restricted")
    confirmation = "confirmed_by = %s, confirmed_role = 'dsl', confirmed_at = now()"
    world.execute(f"update access_change set {confirmation} where id = %s", world.dsl.id, done)
    waiting = world.insert("access_change", **proposed, to_status="barred")
    world.execute("update guardianship set status = 'active' where id = %s", link)
    return waiting


def _class(world: World, at: Organisation, staff: Somebody) -> Ids:
    made = world.insert("school_class", tenant_id=at.id, name=new_id().hex[-10:], year_group=9)
    line = world.insert("class_staff", tenant_id=at.id, class_id=made, person_id=staff.id)
    return {"class_id": made, "classes.line_id": line}


def _of_staff(world: World, at: Organisation, who: Somebody) -> Ids:
    """What schools and panels both have: terms, people, messages and sessions."""
    world.session_of(who)
    year = 2031 + world.scalar("select count(*) from term where tenant_id = %s", at.id)
    term = {"name": "Autumn", "starts_on": f"{year}-09-01", "ends_on": f"{year}-12-18"}
    of = (at.id, who.id)
    return {
        "term_id": world.insert("term", tenant_id=at.id, **term),
        "membership_id": world.scalar(
            "select id from membership where tenant_id = %s and person_id = %s", *of
        ),
        "person_id": who.id,
        "notification_id": message(world, at, who),
        "session_id": world.scalar(
            "select id from session where tenant_id = %s and person_id = %s limit 1", *of
        ),
        "kept_id": _kept_form(world, who),
    }


def _kept_form(world: World, who: Somebody, scope: UUID | None = None) -> UUID:
    """What somebody typed while their session ran out, sent to an address that everybody has."""
    where = {
        "audience": who.at.kind if who.at else "family",
        "tenant_id": who.at and who.at.id,
        "scope_id": scope,
    }
    typed = Jsonb([["words", "What was typed and kept"]])
    return world.insert("kept_form", person_id=who.id, **where, path="/session-extension", fields=typed)


def message(world: World, at: Organisation, who: Somebody, child: Child | None = None) -> UUID:
    audience = at.kind if who.at else "family"
    to = {"tenant_id": at.id, "person_id": who.id, "audience": audience, "pupil_id": child and child.id}
    return world.insert("notification", **to, kind="plan_shared", path="/")


def panel(world: World, child: Child, adult: Somebody, clerk: Somebody) -> Ids:
    """A meeting with one request on its agenda, a document with it, and money."""
    at = {"tenant_id": world.thornbeck.id}
    given = request(world, child, adult)
    held = meeting(world, *full_table(world))
    fund = world.insert("fund", **at, name=f"Fund {new_id().hex}", year="2026-27")
    entry = {"fund_id": fund, "kind": "opening", "amount_pence": 100_00, "person_id": world.finance.id}
    return {
        "meeting_id": held,
        "item_id": world.insert(
            "panel_item",
            **at,
            home_tenant_id=child.tenant_id,
            share_id=given["share_id"],
            reference="LSS-X-1",
            kind="money",
            amount_pence=10_00,
            meeting_id=held,
            position=1,
            status="on_agenda",
        ),
        "share_id": given["share_id"],
        "document_id": given["document_id"],
        "fund_id": fund,
        "entry_id": world.insert("fund_entry", **at, **entry),
        **_of_staff(world, world.thornbeck, clerk),
    }


def agency(world: World, child: Child, adult: Somebody) -> Ids:
    """The share that a session of the agency is about, and the document in it."""
    return of_agency(world, referral(world, child, adult))


def of_agency(world: World, ids: Ids) -> Ids:
    """The same for a referral of the school's."""
    share = ids["share_id"]
    document = one(world, "share_document", "share_id", share)
    kept = _kept_form(world, world.professional, share)
    return {"share_id": share, "document_id": document, "kept_id": kept}


def family(world: World, at: Organisation, child: Child, adult: Somebody, label: str, ids: Ids) -> Ids:
    """What one adult of a child may open: `ids` are the school's own for the same child."""
    world.session_of(adult)
    return {
        "child_id": adult.links[label],
        "plan_id": one(world, "review", "id", ids["review_id"], "plan_id"),
        "ask_id": ids["ask_id"],
        "document_id": ids["document_id"],
        "notification_id": message(world, at, adult, child),
        "session_id": one(world, "session", "person_id", adult.id),
        "kept_id": _kept_form(world, adult),
    }


def one(world: World, table: str, column: str, value: UUID, wanted: str = "id") -> UUID:
    return UUID(str(world.scalar(f"select {wanted} from {table} where {column} = %s limit 1", value)))
