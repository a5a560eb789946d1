"""What a request must have before the family is asked: the locality's rules, as a plain list of what is missing."""

from dataclasses import dataclass
from typing import Any

from app.lss.models import Kind
from app.settings.rules import Gate, Rules

ALWAYS = {
    "why_now": "Say why you ask now",
    "wanted": "Say what you ask for",
}
# A discussion is always allowed: it needs no more than a question.
BESIDES = {
    "tried": "Say what you have tried",
    "strengths": "Say what goes well",
    "needs": "Say what is hard",
    "outcomes": "Say what you hope will change",
    "pupil_view": "Write down what the child says",
    "family_view": "Write down what the family says",
}
NUMBERS = (
    "no reviews",
    "one review",
    "two reviews",
    "three reviews",
    "four reviews",
    "five reviews",
    "six reviews",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record says at this moment."""

    reviewed_cycles: int
    provision_cost_pence: int


def missing(request: Any, facts: Facts, rules: Rules) -> list[str]:
    """Sentences that say what to do, in the order of the form. Empty: nothing is missing."""
    kind = Kind(request.kind)
    asked = ALWAYS if kind is Kind.DISCUSSION else ALWAYS | BESIDES
    found = [sentence for name, sentence in asked.items() if not getattr(request, name).strip()]
    if kind is Kind.DISCUSSION:
        return found
    if kind is Kind.MONEY:
        found += [] if request.amount_pence else ["Say how much money you ask for"]
        found += [] if request.terms else ["Say for how many terms"]
    return found + _evidence(facts, rules.gate(kind))


def _evidence(facts: Facts, gate: Gate) -> list[str]:
    found = []
    if facts.reviewed_cycles < gate.reviewed_cycles:
        asked = _count(gate.reviewed_cycles)
        found.append(f"Review the plan: your locality asks for {asked} first, and there {_so_far(facts)}")
    if gate.costed_provision and facts.provision_cost_pence <= 0:
        found.append("Add what the help costs now to the agreed plan")
    return found


def _count(cycles: int) -> str:
    return NUMBERS[cycles] if cycles < len(NUMBERS) else f"{cycles} reviews"


def _so_far(facts: Facts) -> str:
    return f"{'is' if facts.reviewed_cycles == 1 else 'are'} {_count(facts.reviewed_cycles)} so far"
