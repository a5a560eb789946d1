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
from tests.builders.lss import draft_request, frozen_content
from tests.builders.panels import full_table, meeting
from tests.builders.plans import draft_plan, reviewed_plan
from tests.builders.referrals import sent_referral
from tests.builders.sharing import asked, consented, shared
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


def school(
    world: World, at: Organisation, child: Child, staff: Somebody, adult: Somebody, admin: Somebody
) -> Ids:
    """Everything that a school's own addresses name, all of it about one child and one member of staff."""
    of = {"tenant_id": at.id, "pupil_id": child.id}
    reviewed = reviewed_plan(world, child)
    draft = draft_plan(world, child, staff)
    document = clean_document(world, child, stored=False, shown=True)
    referral = sent_referral(world, child, by=adult)
    link = world.rows("select id, contact_id from guardianship where pupil_id = %s", child.id)[0]
    return {
        "pupil_id": child.id,
        "plan_id": draft,
        "review_id": _one(world, "review", "plan_id", reviewed),
        "target_id": _one(world, "target", "plan_id", draft),
        "line_id": _one(world, "provision", "plan_id", draft),
        "document_id": document,
        "link_id": link.id,
        "contact_id": link.contact_id,
        "referral_id": referral.referral_id,
        "share_id": referral.share_id,
        "consent_id": referral.consent_id,
        "ask_id": _one(world, "consent", "id", referral.consent_id, "ask_id"),
        "request_id": draft_request(world, child, staff),
        "change_id": _access_change(world, of, link.id, staff),
        "import_id": world.insert("roll_import", tenant_id=at.id, person_id=admin.id, rows=Jsonb([])),
        **_class(world, at),
        **_of_staff(world, at, staff),
    }


def _access_change(world: World, of: dict[str, UUID], link: UUID, lead: Somebody) -> UUID:
    """Less access acts at once; here it is undone, because the adult still has to look."""
    proposed = {"proposed_by": lead.id, "proposed_role": "headteacher", "reason": "A court order"}
    made = world.insert("access_change", **of, guardianship_id=link, to_status="restricted", **proposed)
    world.execute("update guardianship set status = 'active' where id = %s", link)
    return made


def _class(world: World, at: Organisation) -> Ids:
    made = world.insert("school_class", tenant_id=at.id, name=new_id().hex[-10:], year_group=9)
    somebody = world.scalar("select person_id from membership where tenant_id = %s limit 1", at.id)
    line = world.insert("class_staff", tenant_id=at.id, class_id=made, person_id=somebody)
    return {"class_id": made, "classes.line_id": line}


def _of_staff(world: World, at: Organisation, who: Somebody) -> Ids:
    """What schools and panels both have: terms, people, messages and sessions."""
    world.session_of(who)
    year = 2031 + world.scalar("select count(*) from term where tenant_id = %s", at.id)
    term = {"name": "Autumn", "starts_on": f"{year}-09-01", "ends_on": f"{year}-12-18"}
    return {
        "term_id": world.insert("term", tenant_id=at.id, **term),
        "membership_id": world.scalar(
            "select id from membership where tenant_id = %s and person_id = %s", at.id, who.id
        ),
        "person_id": who.id,
        "notification_id": message(world, at, who),
        "session_id": world.scalar(
            "select id from session where tenant_id = %s and person_id = %s limit 1", at.id, who.id
        ),
    }


def message(world: World, at: Organisation, who: Somebody, child: Child | None = None) -> UUID:
    audience = at.kind if who.at else "family"
    to = {"tenant_id": at.id, "person_id": who.id, "audience": audience, "pupil_id": child and child.id}
    return world.insert("notification", **to, kind="plan_shared", path="/")


def panel(world: World, home: Child, adult: Somebody, clerk: Somebody) -> Ids:
    """A meeting with one request on its agenda, a document with it, and money."""
    at = world.thornbeck
    share = _request_with_document(world, home, adult)
    held = meeting(world, *full_table(world))
    place = {"meeting_id": held, "position": 1, "status": "on_agenda"}
    money = _fund(world)
    return {
        "meeting_id": held,
        "item_id": world.insert(
            "panel_item",
            tenant_id=at.id,
            home_tenant_id=home.tenant_id,
            share_id=share,
            reference="LSS-X-1",
            kind="money",
            amount_pence=10_00,
            **place,
        ),
        "document_id": _one(world, "share_document", "share_id", share),
        "fund_id": money,
        "entry_id": _one(world, "fund_entry", "fund_id", money),
        **_of_staff(world, at, clerk),
    }


def _fund(world: World) -> UUID:
    at = {"tenant_id": world.thornbeck.id}
    made = world.insert("fund", **at, name=f"Fund {new_id().hex}", year="2026-27")
    world.insert(
        "fund_entry", **at, fund_id=made, kind="opening", amount_pence=100_00, person_id=world.finance.id
    )
    return made


def _request_with_document(world: World, child: Child, adult: Somebody) -> UUID:
    request = draft_request(world, child)
    content = frozen_content(world, child, request)
    row = _add_document(world, child, content)
    ask = asked(world, child, world.thornbeck, "lss", request, content)
    consent = consented(world, child, ask, adult)
    share = shared(world, child, ask, consent)
    world.execute(
        "update lss_request set status = 'submitted', ask_id = %s, share_id = %s where id = %s",
        ask,
        share,
        request,
    )
    _give(world, child, world.thornbeck, share, row)
    return share


def _add_document(world: World, child: Child, content: dict[str, Any]) -> Any:
    document = clean_document(world, child, stored=False)
    row = world.rows("select * from document where id = %s", document)[0]
    content["documents"] = [{"title": row.title, "filename": row.filename, "sha256": row.sha256.hex()}]
    return row


def _give(world: World, child: Child, guest: Organisation, share: UUID, row: Any) -> None:
    names = "title filename media_type size_bytes sha256 clean_key object_version"
    facts = {name: getattr(row, name) for name in names.split()}
    world.insert(
        "share_document", tenant_id=child.tenant_id, guest_tenant_id=guest.id, share_id=share, **facts
    )


def agency(world: World, child: Child, adult: Somebody) -> Ids:
    """A referral with a document, and the share that a session of the agency is about."""
    content: dict[str, Any] = {"reference": "REF-X-1", "pupil": {"name": child.forename}}
    row = _add_document(world, child, content)
    ask = asked(world, child, world.ashmere, "referral", None, content)
    share = shared(world, child, ask, consented(world, child, ask, adult))
    _give(world, child, world.ashmere, share, row)
    return {"share_id": share, "document_id": _one(world, "share_document", "share_id", share)}


def family(world: World, at: Organisation, child: Child, adult: Somebody, label: str, ids: Ids) -> Ids:
    """What one adult of a child may open: `ids` are the school's own for the same child."""
    world.session_of(adult)
    return {
        "child_id": adult.links[label],
        "plan_id": _one(world, "review", "id", ids["review_id"], "plan_id"),
        "ask_id": ids["ask_id"],
        "document_id": ids["document_id"],
        "notification_id": message(world, at, adult, child),
        "session_id": _one(world, "session", "person_id", adult.id),
    }


def _one(world: World, table: str, column: str, value: UUID, wanted: str = "id") -> UUID:
    return UUID(str(world.scalar(f"select {wanted} from {table} where {column} = %s limit 1", value)))
