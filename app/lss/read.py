"""What pages are told about LSS requests: frozen and complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.casework.read import CaseRead
from app.lss.gate import Facts, missing
from app.lss.models import Kind, LssRequest, Status
from app.settings.rules import from_json

KINDS = {
    Kind.DISCUSSION: "A discussion",
    Kind.ADVICE: "Advice",
    Kind.SCHOOL_TO_SCHOOL: "Help from another school",
    Kind.TRAINING: "Training",
    Kind.MONEY: "Money",
}
STATUSES = {
    Status.DRAFT: ("Draft", "govuk-tag--grey"),
    Status.WITH_FAMILY: ("With the family", "govuk-tag--yellow"),
    Status.AGREED: ("Family agreed", "govuk-tag--light-blue"),
    Status.AUTHORISED: ("Ready to send", "govuk-tag--light-blue"),
    Status.SUBMITTED: ("With the panel", "govuk-tag--blue"),
    Status.MORE_INFORMATION: ("More information needed", "govuk-tag--yellow"),
    Status.DECIDED: ("Decided", "govuk-tag--green"),
    Status.WITHDRAWN: ("Withdrawn", "govuk-tag--grey"),
}
OUTCOMES = {
    "agree": "Agreed",
    "agree_in_part": "Agreed in part",
    "more_information": "More information needed",
    "decline": "Not agreed",
}
WORDS = {
    "wanted": "What you ask for",
    "outcomes": "What you hope will change",
    "why_now": "Why now",
    "tried": "What you have tried",
    "strengths": "What goes well",
    "needs": "What is hard",
    "pupil_view": "What the child says",
    "family_view": "What the family says",
}


@dataclass(frozen=True, slots=True)
class RequestRead(CaseRead):
    """One request with everything that its pages say. `cycles` and `cost_pence` are as the record stands today."""

    tags = STATUSES
    questions = WORDS

    kind: Kind
    pupil_view: str
    family_view: str
    outcomes: str
    amount_pence: int | None
    terms: int | None
    editors: list[UUID]
    authorised_by_name: str | None
    authorised_at: datetime | None
    submitted_at: datetime | None
    decision: Mapping[str, Any] | None
    decided_at: datetime | None
    cycles: int
    cost_pence: int
    reviewed_targets: list[list[str]] | None
    rules: Mapping[str, Any] | None

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def is_closed(self) -> bool:
        return self.status in LssRequest.ended_statuses

    @property
    def missing(self) -> list[str]:
        """What the locality asks for and the request does not have yet."""
        return missing(self, Facts(self.cycles, self.cost_pence), from_json(0, self.rules or {}))

    @property
    def outcome_name(self) -> str:
        return OUTCOMES.get(str((self.decision or {}).get("outcome")), "Decided")
