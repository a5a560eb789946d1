"""What pages are told about LSS requests: frozen and complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.lss.gate import Facts, missing
from app.lss.models import BEFORE_SENDING, CLOSED, Kind, Status
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
class RequestLine:
    """A request in a list."""

    id: UUID
    reference: str
    pupil_name: str
    kind: Kind
    status: Status
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def tag(self) -> Mapping[str, str]:
        words, classes = STATUSES[self.status]
        return {"text": words, "classes": classes}


@dataclass(frozen=True, slots=True)
class RequestRead:
    """One request with everything that its pages say. `cycles` and `cost_pence` are as the record stands today."""

    id: UUID
    reference: str
    pupil_id: UUID
    pupil_name: str
    first_name: str
    surnames: list[str | None]
    kind: Kind
    status: Status
    why_now: str
    tried: str
    strengths: str
    needs: str
    pupil_view: str
    family_view: str
    wanted: str
    outcomes: str
    amount_pence: int | None
    terms: int | None
    ask_id: UUID | None
    share_id: UUID | None
    created_by: UUID | None
    editors: list[UUID]
    created_by_name: str | None
    authorised_by_name: str | None
    created_at: datetime
    authorised_at: datetime | None
    submitted_at: datetime | None
    decision: Mapping[str, Any] | None
    decided_at: datetime | None
    version: int
    school_name: str
    locality_name: str | None
    cycles: int
    cost_pence: int
    reviewed_targets: list[list[str]] | None
    documents: list[dict[str, str]]
    rules: Mapping[str, Any] | None

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]

    @property
    def tag(self) -> Mapping[str, str]:
        words, classes = STATUSES[self.status]
        return {"text": words, "classes": classes}

    @property
    def before_sending(self) -> bool:
        return self.status in BEFORE_SENDING

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def facts(self) -> Facts:
        return Facts(self.cycles, self.cost_pence)

    @property
    def missing(self) -> list[str]:
        """What the locality asks for and the request does not have yet."""
        return missing(self, self.facts, from_json(0, self.rules or {}))

    @property
    def answers(self) -> dict[str, str]:
        """Question and answer, in the order in which the panel reads them."""
        return {question: getattr(self, name) for name, question in WORDS.items()}

    @property
    def outcome_name(self) -> str:
        return OUTCOMES.get(str((self.decision or {}).get("outcome")), "Decided")

    @property
    def decided_on(self) -> date | None:
        return self.decided_at.date() if self.decided_at else None
