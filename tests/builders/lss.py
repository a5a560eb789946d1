"""LSS requests in each of their states, made behind the service's back for tests of the rooms around them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from app.kernel.clock import now, today
from infrastructure.database.ids import new_id
from tests.builders import plans, sharing
from tests.world import Child, Somebody, World

WORDS = {
    "why_now": "Things have become harder since September.",
    "tried": "A story language group four times a week since March.",
    "strengths": "Kind, curious and good with numbers.",
    "needs": "Following instructions with more than one step.",
    "pupil_view": "I like it when we use the cards.",
    "family_view": "Mornings are hard. We would like help with that.",
    "wanted": "A specialist teacher for half a day a week.",
    "outcomes": "Joins in with every lesson by July.",
}
AMOUNT_PENCE, TERMS, COST_PENCE = 3_120_00, 2, 6_420_00


@dataclass(frozen=True, slots=True)
class Submitted:
    """A request in the locality's hands: under which share, on whose consent."""

    request_id: UUID
    share_id: UUID
    consent_id: UUID
    reference: str


def draft_request(world: World, child: Child, by: Somebody | None = None, **changes: Any) -> UUID:
    """A complete draft asking for money; nobody at home has been asked yet."""
    count = world.scalar("select count(*) from lss_request where tenant_id = %s", child.tenant_id)
    facts = {
        "tenant_id": child.tenant_id,
        "pupil_id": child.id,
        "reference": f"LSS-{today():%y}-{count + 1:04d}",
        "kind": "money",
        "amount_pence": AMOUNT_PENCE,
        "terms": TERMS,
        "provision_cost_pence": COST_PENCE,
        "reviewed_cycles": 2,
        "created_by": (by or world.sendco).id,
    }
    return world.insert("lss_request", **(facts | WORDS | changes))


def frozen_content(world: World, child: Child, request_id: UUID) -> dict[str, Any]:
    """What the family is shown and the panel receives: the shape that the service freezes."""
    row = world.rows("select * from lss_request where id = %s", request_id)[0]
    school = world.scalar("select name from tenant where id = %s", child.tenant_id)
    year = world.scalar("select year_group from pupil where id = %s", child.id)
    return {
        "reference": row.reference,
        "kind": row.kind,
        "pupil": {"name": f"{child.forename} {child.surname[0]}", "year_group": year},
        "school_name": school,
        **{name: getattr(row, name) for name in WORDS},
        "amount_pence": row.amount_pence,
        "terms": row.terms,
        "provision_cost_pence": row.provision_cost_pence,
        "reviewed_cycles": row.reviewed_cycles,
        "plan": [{"title": "Tell a story in order", "outcomes": ["some_progress", "some_progress"]}],
        "documents": [],
    }


def asked_request(world: World, child: Child, **changes: Any) -> tuple[UUID, UUID]:
    """With the family: the request and its open ask."""
    request_id = draft_request(world, child, **changes)
    content = frozen_content(world, child, request_id)
    ask_id = sharing.asked(world, child, world.thornbeck, "lss", request_id, content)
    _now(world, request_id, status="with_family", ask_id=ask_id)
    return request_id, ask_id


def agreed_request(
    world: World, child: Child, *, by: Somebody | None = None, **changes: Any
) -> tuple[UUID, UUID]:
    """The family has said yes; the head has not looked yet. The request and the consent."""
    request_id, ask_id = asked_request(world, child, **changes)
    consent_id = sharing.consented(world, child, ask_id, by or _parent(world, child))
    _now(world, request_id, status="agreed")
    return request_id, consent_id


def authorised_request(world: World, child: Child, **changes: Any) -> tuple[UUID, UUID]:
    """Agreed and authorised by the head of Larkrise (or Millbrook): ready to send."""
    request_id, consent_id = agreed_request(world, child, **changes)
    head = world.head if child.tenant_id == world.larkrise.id else world.other_head
    _now(world, request_id, status="authorised", authorised_by=head.id, authorised_at=now())
    return request_id, consent_id


def submitted_request(world: World, child: Child, **changes: Any) -> Submitted:
    """In the locality's hands: a live share, and the envelope that tells the locality of it."""
    request_id, consent_id = authorised_request(world, child, **changes)
    ask_id = world.scalar("select ask_id from lss_request where id = %s", request_id)
    share_id = sharing.shared(world, child, ask_id, consent_id)
    _now(world, request_id, status="submitted", share_id=share_id, submitted_at=now())
    world.insert(
        "outbox_entry",
        tenant_id=child.tenant_id,
        for_tenant_id=world.thornbeck.id,
        kind="LssRequestSubmitted",
        payload=Jsonb({"request_id": str(request_id), "share_id": str(share_id)}),
        share_id=share_id,
    )
    reference = world.scalar("select reference from lss_request where id = %s", request_id)
    return Submitted(request_id, share_id, consent_id, reference)


def decided(world: World, sent: Submitted, home: UUID, **changes: Any) -> UUID:
    """The panel's decision as the school will read it, and its envelope. Returns the reply."""
    content = {
        "outcome": "agree",
        "reason": "The need is clear.",
        "conditions": "",
        "amount_pence": AMOUNT_PENCE,
    }
    reply_id = world.insert(
        "reply",
        tenant_id=world.thornbeck.id,
        home_tenant_id=home,
        share_id=sent.share_id,
        kind="decision",
        content=Jsonb(content | {"terms": TERMS} | changes),
        person_id=world.vice_chair.id,
        author_name="Thornbeck panel",
    )
    world.insert(
        "outbox_entry",
        tenant_id=world.thornbeck.id,
        for_tenant_id=home,
        kind="DecisionIssued",
        payload=Jsonb({"decision_id": str(new_id()), "share_id": str(sent.share_id)}),
    )
    return reply_id


def complete_request(world: World, **changes: Any) -> UUID:
    """A draft that nothing is missing from: two reviewed cycles and a costed plan in the record of Amara."""
    if not world.scalar("select count(*) from review where pupil_id = %s", world.amara.id):
        plans.reviewed_plan(world, world.amara)
        plans.reviewed_plan(world, world.amara, outcome="met")
        plans.agreed_plan(world, world.amara)
    return draft_request(world, world.amara, **changes)


def press(world: World, who: Somebody, request_id: UUID, step: str, version: int | None = None) -> int:
    """The button of a step, on a page that shows the request as it is now; the status of the answer."""
    path = f"/lss/requests/{request_id}/{step}"
    seen = version or row(world, request_id).version
    return world.browser(who).post(path, {"version": str(seen)}).status_code


def row(world: World, request_id: UUID) -> Any:
    return world.rows("select * from lss_request where id = %s", request_id)[0]


def press_ask(world: World, request_id: UUID) -> UUID:
    """The SENDCO asks the family through the page: the open ask."""
    assert press(world, world.sendco, request_id, "consent-ask") == 303
    return UUID(str(row(world, request_id).ask_id))


def _parent(world: World, child: Child) -> Somebody:
    return world.other_mother if child in (world.idris, world.ilyas) else world.mother


def _now(world: World, request_id: UUID, **changes: Any) -> None:
    marks = ", ".join(f"{name} = %s" for name in changes)
    world.execute(f"update lss_request set {marks} where id = %s", *changes.values(), request_id)
