"""A panel at work, made behind the service's back: items, meetings, who is there, and money."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.funds.years import year_of
from app.kernel.access import Role
from app.kernel.clock import now, today
from tests.builders.lss import AMOUNT_PENCE, submitted_request
from tests.world import Child, Somebody, World

RULING = {
    "outcome": "agree",
    "reason": "The need is clear and the plan is good.",
    "conditions": "Review in July.",
}


def shared_request(world: World, child: Child, amount_pence: int | None = AMOUNT_PENCE) -> UUID:
    """A request for money (or, without an amount, for advice) in the locality's hands: its share."""
    asks = {} if amount_pence else {"kind": "advice", "terms": None}
    return submitted_request(world, child, amount_pence=amount_pence, **asks).share_id


def item(
    world: World,
    child: Child | None = None,
    meeting_id: UUID | None = None,
    amount_pence: int | None = AMOUNT_PENCE,
) -> UUID:
    """An item of Amara unless told otherwise: waiting, or on the agenda of a meeting."""
    share_id = shared_request(world, child or world.amara, amount_pence)
    share = world.rows("select tenant_id, content from share where id = %s", share_id)[0]
    place = "select count(*) + 1 from panel_item where meeting_id = %s"
    return world.insert(
        "panel_item",
        tenant_id=world.thornbeck.id,
        home_tenant_id=share.tenant_id,
        share_id=share_id,
        reference=share.content["reference"],
        kind=share.content["kind"],
        amount_pence=amount_pence,
        meeting_id=meeting_id,
        position=world.scalar(place, meeting_id) if meeting_id else None,
        status="on_agenda" if meeting_id else "waiting",
    )


def meeting(
    world: World,
    *present: Somebody,
    held_at: datetime | None = None,
    quorum: int = 3,
    status: str = "pack_sent",
) -> UUID:
    """A meeting in a week whose pack is out; with people, they are at the table."""
    meeting_id = world.insert(
        "meeting",
        tenant_id=world.thornbeck.id,
        title="Autumn panel 2",
        held_at=held_at or now() + timedelta(days=7),
        place="Millbrook hall",
        status=status,
        quorum=quorum,
    )
    for person in present:
        arrive(world, meeting_id, person)
    return meeting_id


def arrive(world: World, meeting_id: UUID, person: Somebody) -> None:
    row = {"tenant_id": world.thornbeck.id, "meeting_id": meeting_id, "person_id": person.id}
    world.insert("attendance", **row, recorded_by=world.clerk.id)


def seat(world: World, person: Somebody, role: Role) -> Somebody:
    """The person as somebody of the panel."""
    world.insert(
        "membership", tenant_id=world.thornbeck.id, person_id=person.id, roles=[role.value], status="active"
    )
    return replace(person, at=world.thornbeck, roles=frozenset({role}), links={})


def full_table(world: World) -> tuple[Somebody, ...]:
    """Everybody who votes: of a request from Larkrise one has a conflict, from Millbrook the chair has."""
    return (world.chair, world.vice_chair, world.member, world.third_member, world.conflicted_member)


def fund(world: World, pence: int = 10_000_00, name: str = "Locality funding") -> UUID:
    """This year's fund with so much in it."""
    fund_id = world.insert("fund", tenant_id=world.thornbeck.id, name=name, year=year_of(today()))
    entry = {"tenant_id": world.thornbeck.id, "fund_id": fund_id, "person_id": world.finance.id}
    world.insert("fund_entry", **entry, kind="opening", amount_pence=pence)
    return fund_id


def balance(world: World, fund_id: UUID) -> int:
    """What is left, as only the administrator can look it up."""
    return int(world.scalar("select balance_pence from fund where id = %s", fund_id))


def ruling(fund_id: UUID, pounds: str, terms: int = 3) -> dict[str, Any]:
    """What whoever presides sends to give money."""
    return RULING | {"amount_pence": pounds, "terms": str(terms), "fund_id": str(fund_id)}


def award(world: World, item_id: UUID, fund_id: UUID, pence: int) -> None:
    """The panel has decided: the money has left the fund and is paid at once."""
    of = world.rows(
        "select tenant_id, home_tenant_id, share_id, meeting_id from panel_item where id = %s", item_id
    )[0]
    decision_id = world.insert(
        "decision", **of._asdict(), item_id=item_id, outcome="agree", reason="Clear need.", fund_id=fund_id,
        amount_pence=pence, terms=1, present=3, decided_by=world.vice_chair.id,
    )  # fmt: skip
    world.insert(
        "instalment", tenant_id=of.tenant_id, decision_id=decision_id, share_id=of.share_id, position=1,
        term_name="Autumn", due_on=today(), amount_pence=pence,
    )  # fmt: skip


def recuse(world: World, item_id: UUID, person: Somebody) -> None:
    """The person has declared a conflict of interest in the item."""
    of = world.rows("select tenant_id, home_tenant_id, share_id from panel_item where id = %s", item_id)[0]
    about = {"person_id": person.id, "kind": "declared", "reason": "Neighbour", "declared_by": person.id}
    world.insert("recusal", **of._asdict(), **about)
