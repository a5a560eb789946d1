"""Deciding: what the panel gives, why, from which fund, paid when; and the reply that the school reads."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, column, insert, table

from app.funds import queries as funds
from app.funds import service as money
from app.funds.models import Instalment
from app.funds.plans import Payment, plan_payments
from app.kernel.access import Actor, authorise
from app.kernel.clock import today
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.events import record
from app.kernel.ids import new_id
from app.kernel.money import format_pounds
from app.panels import policy
from app.panels.events import DecisionIssued
from app.panels.models import Choice, Decision, PanelItem
from app.panels.queries import items, meetings
from app.panels.service.items import check_papers
from app.panels.terms import list_terms
from infrastructure.database.door import db
from tenants import context

_reply = table(
    "reply",
    *(column(name) for name in ("tenant_id", "id", "home_tenant_id", "share_id", "kind", "person_id")),
    column("content", JSON),
    column("author_name"),
    column("author_role"),
)
GIVES = (Choice.AGREE, Choice.AGREE_IN_PART)


@dataclass(frozen=True, slots=True)
class Ruling:
    outcome: str
    reason: str
    conditions: str
    fund_id: UUID | None = None
    amount_pence: int | None = None
    terms: int | None = None
    more_because: str = ""


def decide(actor: Actor, item: PanelItem, ruling: Ruling) -> Decision:
    """Once, by whoever presides, with enough members present who have no conflict of interest.

    Raises Conflict when this is not the moment or the person, Invalid for an amount that cannot be given.
    """
    authorise(actor, policy.can_decide)
    item.check_on_agenda()
    check_papers(item)
    assert item.meeting_id is not None  # it is on an agenda
    meetings.load_meeting(item.meeting_id).check_open()
    check_standing(actor, items.get_standing(item.id))
    _check_money(item, ruling)
    decision = _write(actor, item, ruling)
    payments = _plan(decision)
    _issue(actor, item, decision, payments)
    record(DecisionIssued(decision_id=decision.id, share_id=item.share_id), to=[item.home_tenant_id])
    return decision


def check_standing(actor: Actor, standing: items.Standing) -> None:
    if not standing.is_quorate:
        here = "1 person is" if standing.present == 1 else f"{standing.present} people are"
        raise Conflict(
            f"{here} present without a conflict of interest and {standing.quorum} are needed. "
            "Defer this request to the next meeting."
        )
    if actor.person_id not in standing.presiders:
        raise Conflict(
            "Somebody else presides over this request: the chair, or the vice-chair in their place."
        )


def _check_money(item: PanelItem, ruling: Ruling) -> None:
    asked = item.amount_pence or 0
    if ruling.amount_pence is None:
        if item.kind == "money" and ruling.outcome == Choice.AGREE:
            raise Invalid("amount_pence", "Enter how much the panel awards")
        return
    if ruling.outcome not in GIVES:
        raise Invalid("amount_pence", "Only enter an amount when the panel agrees, or agrees in part")
    if ruling.fund_id is None or not _is_ours(ruling.fund_id):
        raise Invalid("fund_id", "Select the fund that pays")
    if ruling.terms is None:
        raise Invalid("terms", "Enter over how many terms it is paid")
    if ruling.amount_pence < ruling.terms:
        raise Invalid("amount_pence", "The amount must be at least a penny for each term")
    if ruling.amount_pence > asked and not ruling.more_because:
        raise Invalid(
            "more_because", f"Enter why the panel gives more than the {format_pounds(asked)} asked for"
        )


def _is_ours(fund_id: UUID) -> bool:
    try:
        funds.load_fund(fund_id)
    except NotFound:
        return False
    return True


def _write(actor: Actor, item: PanelItem, ruling: Ruling) -> Decision:
    assert item.meeting_id is not None
    spends = ruling.amount_pence is not None
    decision = Decision(
        id=new_id(),
        home_tenant_id=item.home_tenant_id,
        item_id=item.id,
        share_id=item.share_id,
        meeting_id=item.meeting_id,
        outcome=Choice(ruling.outcome),
        reason=ruling.reason,
        conditions=ruling.conditions,
        fund_id=ruling.fund_id if spends else None,
        amount_pence=ruling.amount_pence,
        terms=ruling.terms if spends else None,
        more_because=ruling.more_because,
        present=0,  # PostgreSQL counts
        decided_by=actor.person_id,
    )
    if decision.fund_id is None:
        db.session.add(decision)
        db.session.flush()  # what follows names it
        return decision
    with money.refusing_overdraft(decision.fund_id, "amount_pence"):
        db.session.add(decision)
    return decision


def _plan(decision: Decision) -> list[Payment]:
    if decision.amount_pence is None or decision.terms is None:
        return []
    payments = plan_payments(decision.amount_pence, decision.terms, list_terms(), today())
    db.session.add_all(
        Instalment(id=new_id(), decision_id=decision.id, share_id=decision.share_id, **asdict(payment))
        for payment in payments
    )
    return payments


def _issue(actor: Actor, item: PanelItem, decision: Decision, payments: list[Payment]) -> None:
    """The school's copy: what was decided, never votes or notes."""
    asks = decision.outcome is Choice.MORE_INFORMATION
    content: dict[str, Any] = {
        "reference": item.reference,
        "outcome": decision.outcome.value,
        "reason": decision.reason,
        "conditions": decision.conditions,
        "amount_pence": decision.amount_pence,
        "terms": decision.terms,
        "decided_on": today().isoformat(),
        "payments": [asdict(payment) | {"due_on": payment.due_on.isoformat()} for payment in payments],
    }
    reply = {
        "tenant_id": context.tenant_id(),
        "id": new_id(),
        "home_tenant_id": item.home_tenant_id,
        "share_id": item.share_id,
        "kind": "question" if asks else "decision",
        "person_id": actor.person_id,
        "content": content,
        "author_name": actor.name,
        "author_role": actor.capacity,
    }
    db.session.execute(insert(_reply).values(reply))
