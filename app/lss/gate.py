"""What a request must have before the family is asked: the locality's rules, as a plain list of what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.lss.models import Kind

# What a locality that has set no rules of its own asks for.
DEFAULT: Mapping[str, Mapping[str, Any]] = {
    Kind.MONEY: {"reviewed_cycles": 2, "costed_provision": True},
    Kind.SCHOOL_TO_SCHOOL: {"reviewed_cycles": 1},
}
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


def missing(request: Any, facts: Facts, rules: Mapping[str, Any]) -> list[str]:
    """Sentences that say what to do, in the order of the form. Empty: nothing is missing."""
    kind = Kind(request.kind)
    asked = ALWAYS if kind is Kind.DISCUSSION else ALWAYS | BESIDES
    found = [sentence for name, sentence in asked.items() if not getattr(request, name).strip()]
    if kind is Kind.DISCUSSION:
        return found
    if kind is Kind.MONEY:
        found += [] if request.amount_pence else ["Say how much money you ask for"]
        found += [] if request.terms else ["Say for how many terms"]
    return found + _evidence(facts, rules.get(kind, {}))


def _evidence(facts: Facts, rule: Mapping[str, Any]) -> list[str]:
    found = []
    cycles = int(rule.get("reviewed_cycles", 0))
    if facts.reviewed_cycles < cycles:
        found.append(
            f"Review the plan: your locality asks for {_count(cycles)} first, and there {_so_far(facts)}"
        )
    if rule.get("costed_provision") and facts.provision_cost_pence <= 0:
        found.append("Add what the help costs now to the agreed plan")
    return found


def _count(cycles: int) -> str:
    return NUMBERS[cycles] if cycles < len(NUMBERS) else f"{cycles} reviews"


def _so_far(facts: Facts) -> str:
    return f"{'is' if facts.reviewed_cycles == 1 else 'are'} {_count(facts.reviewed_cycles)} so far"
