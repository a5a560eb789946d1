"""The rules of a locality: what a request must show, how many decide, by when papers come in, how long money lasts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# What may be asked for, with the words of the rules page. A discussion is always open to every school.
GATED = {
    "advice": "Advice",
    "school_to_school": "Help from another school",
    "training": "Training",
    "money": "Money",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """What the record must show before a request of one kind can be sent."""

    reviewed_cycles: int = 0
    costed_provision: bool = False


DEFAULT_GATES: Mapping[str, Gate] = {
    "advice": Gate(),
    "school_to_school": Gate(reviewed_cycles=1),
    "training": Gate(),
    "money": Gate(reviewed_cycles=2, costed_provision=True),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """One version; number 0 is what holds where a locality has set nothing yet."""

    number: int = 0
    evidence: Mapping[str, Gate] = field(default_factory=lambda: dict(DEFAULT_GATES))
    quorum: int = 3
    deadline_days: int = 10
    award_terms: int = 3

    def gate(self, kind: str) -> Gate:
        """A kind without a gate is open."""
        return self.evidence.get(kind, Gate())

    def as_json(self) -> dict[str, Any]:
        """As it is kept: other rooms read single answers straight from PostgreSQL."""
        gates = {
            kind: {"reviewed_cycles": gate.reviewed_cycles, "costed_provision": gate.costed_provision}
            for kind, gate in self.evidence.items()
        }
        return {
            "evidence": gates,
            "quorum": self.quorum,
            "deadline_days": self.deadline_days,
            "award_terms": self.award_terms,
        }


def from_json(number: int, kept: Mapping[str, Any]) -> Rules:
    """What a version does not say, holds as by default."""
    plain = Rules()
    gates = {kind: Gate(**gate) for kind, gate in kept.get("evidence", {}).items()}
    return Rules(
        number=number,
        evidence={**DEFAULT_GATES, **gates},
        quorum=kept.get("quorum", plain.quorum),
        deadline_days=kept.get("deadline_days", plain.deadline_days),
        award_terms=kept.get("award_terms", plain.award_terms),
    )
