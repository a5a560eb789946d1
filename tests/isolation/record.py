"""The rest of a child's record: rows that no address names, so that there is something of every table to look for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from app.kernel.clock import today
from infrastructure.database.ids import new_id
from tests.builders.documents import checking_document
from tests.builders.pupils import contact, with_upn
from tests.isolation.cases import Case
from tests.isolation.furnishing import Ids, one
from tests.isolation.handing_over import referral
from tests.world import Child, Organisation, World


def complete(world: World, case: Case, ids: Ids) -> None:
    """`ids` are what the school's addresses name already."""
    child, at = case.child, {"tenant_id": case.at.id}
    of = at | {"pupil_id": child.id}
    with_upn(world, child, world.scalar("select count(*) from pupil_upn where tenant_id = %s", case.at.id))
    world.insert("pupil_need", **of, rank=1, code="SLCN")
    checking_document(world, child, content=None)
    world.insert("evidence", **at, lss_request_id=ids["request_id"], document_id=ids["document_id"])
    world.insert("link_event", **at, link_id=one(world, "link", "share_id", ids["share_id"]), kind="opened")
    _words(world, case, of, ids)
    _newcomer(world, child)
    for role, hidden in (("SENDCO", False), ("Safeguarding lead", True)):
        world.insert("read_log", **of, reader_name="Sam", role=role, what="plan", safeguarding=hidden)


def _words(world: World, case: Case, of: Ids, ids: Ids) -> None:
    """What family, child and staff have said."""
    adult = {"guardianship_id": ids["link_id"], "person_id": case.adult.id}
    reviewed = one(world, "review", "id", ids["review_id"], "plan_id")
    answer = {"plan_id": reviewed, "plan_version": 1, "agreed": False, "method": "portal"}
    world.insert("plan_agreement", **of, **adult, **answer, happened_on=today())
    world.insert("family_view", **of, **adult, said_by="Adult", method="portal", words="We read at night")
    said = {"said_on": today(), "method": "drawing", "written_down_by": "TA", "recorded_by": case.sendco.id}
    world.insert("pupil_view", **of, **said, words="I like the pond")
    world.insert("safeguarding_note", **of, written_by=case.sendco.id, happened_on=today(), words="A worry")


def _newcomer(world: World, child: Child) -> None:
    """An adult who has been asked in and whom nobody has confirmed yet."""
    email = f"{new_id().hex}@home.example"
    world.insert("person", email=email, name="Uncle Obi")
    world.insert(
        "guardianship",
        tenant_id=child.tenant_id,
        pupil_id=child.id,
        contact_id=contact(world, child, "Uncle Obi", email=email, parental_responsibility=False),
        status="pending",
        parental_responsibility=False,
        child_name="",
        school_name="",
    )


def withdrawn(world: World, case: Case) -> UUID:
    """A share whose consent was taken back: closed to everybody but the school and the family."""
    given = referral(world, case.child, case.adult)
    reply(world, world.ashmere, case.child, given["share_id"], "acknowledged")
    link = {"guardianship_id": case.adult.links[case.label], "person_id": case.adult.id}
    of = {"tenant_id": case.at.id, "pupil_id": case.child.id, "consent_id": given["consent_id"]}
    world.insert("consent_withdrawal", **of, **link, method="portal", said_by="Adult")
    return given["share_id"]


def reply(world: World, guest: Organisation, child: Child, share: UUID, kind: str) -> None:
    to = {"tenant_id": guest.id, "home_tenant_id": child.tenant_id, "share_id": share}
    world.insert("reply", **to, kind=kind, content=Jsonb({}), author_name="N")


def heard(world: World, child: Child, share: UUID) -> None:
    """The agency has the referral, and its findings are being checked."""
    reply(world, world.ashmere, child, share, "acknowledged")
    findings: dict[str, Any] = {"title": "Findings", "filename": "f.pdf", "declared_type": "application/pdf"}
    of = {"tenant_id": world.ashmere.id, "share_id": share}
    world.insert("document", **of, **findings, status="checking", quarantine_key="q")


def decided(world: World, child: Child, ids: Ids) -> None:
    """Voted on by somebody who has no conflict here, and decided; `ids` are the panel's."""
    at = {"tenant_id": world.thornbeck.id}
    of = at | {"home_tenant_id": child.tenant_id, "share_id": ids["share_id"], "item_id": ids["item_id"]}
    voter = world.chair if child.tenant_id == world.larkrise.id else world.conflicted_member
    world.insert("vote", **of, person_id=voter.id, choice="agree")
    world.insert("panel_note", **of, person_id=voter.id, words="Well evidenced")
    money = {"fund_id": ids["fund_id"], "amount_pence": 10_00, "terms": 1}
    outcome = {"outcome": "agree", "reason": "Clear need", "present": 3, "decided_by": world.chair.id}
    decision = world.insert("decision", **of, **money, **outcome, meeting_id=ids["meeting_id"])
    due = {"term_name": "Autumn", "due_on": today() + timedelta(days=60), "amount_pence": 10_00}
    world.insert("instalment", **at, decision_id=decision, share_id=ids["share_id"], position=1, **due)
    reply(world, world.thornbeck, child, ids["share_id"], "decision")
