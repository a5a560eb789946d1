"""What pages are told about referrals: frozen and complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.kernel.clock import today
from app.referrals.models import BEFORE_SENDING, SENT, Status

STATUSES = {
    Status.DRAFT: ("Draft", "govuk-tag--grey"),
    Status.WITH_FAMILY: ("With the family", "govuk-tag--yellow"),
    Status.AGREED: ("Family agreed", "govuk-tag--light-blue"),
    Status.SENT: ("Sent", "govuk-tag--blue"),
    Status.ACCEPTED: ("Accepted", "govuk-tag--green"),
    Status.DECLINED: ("Declined", "govuk-tag--orange"),
    Status.QUESTION: ("They ask a question", "govuk-tag--yellow"),
    Status.REPORTED: ("Report arrived", "govuk-tag--green"),
    Status.WITHDRAWN: ("Withdrawn", "govuk-tag--grey"),
    Status.WRONG_PERSON: ("Sent to the wrong person", "govuk-tag--orange"),
}
WORDS = {
    "why_now": "Why now",
    "wanted": "What you ask for",
    "tried": "What you have tried",
    "strengths": "What goes well",
    "needs": "What is hard",
}
MISSING = {
    "why_now": "Say why you ask now",
    "wanted": "Say what you ask for",
    "tried": "Say what you have tried",
    "needs": "Say what is hard",
}
LINK_EVENTS = {
    "opened": "The link was opened",
    "code_sent": "A code was sent to the registered mailbox",
    "code_wrong": "A wrong code was entered",
    "signed_in": "Somebody signed in",
    "not_me": "“I am not the right person”",
    "closed": "The link was closed",
}
CLOSED = {
    "consent_withdrawn": "the consent was withdrawn",
    "withdrawn_by_school": "you withdrew the referral",
    "wrong_person": "it reached the wrong person",
    "sent_again": "you sent a new one",
    "closed_by_school": "you closed it",
    "ran_out": "it ran out",
}


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """A referral in a list."""

    id: UUID
    reference: str
    pupil_name: str
    agency_name: str
    status: Status
    created_at: datetime
    sent_at: datetime | None

    @property
    def tag(self) -> Mapping[str, str]:
        words, classes = STATUSES[self.status]
        return {"text": words, "classes": classes}


@dataclass(frozen=True, slots=True)
class LinkEventRead:
    kind: str
    who: str
    at: datetime
    times: int = 1

    @property
    def words(self) -> str:
        said = LINK_EVENTS[self.kind]
        return f"{said} {self.times} times" if self.times > 1 else said


@dataclass(frozen=True, slots=True)
class LinkRead:
    """The newest link: never its token or its mailbox."""

    id: UUID
    created_at: datetime
    expires_on: date
    closed_at: datetime | None
    closed_because: str | None
    events: tuple[LinkEventRead, ...]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.expires_on >= today()

    @property
    def why_closed(self) -> str:
        return CLOSED.get(self.closed_because or "", "it ran out")


@dataclass(frozen=True, slots=True)
class ReportRead:
    """A report that the agency sent, in this school's record of the child."""

    id: UUID
    title: str
    arrived_at: datetime
    shown_to_family: bool
    version: int


@dataclass(frozen=True, slots=True)
class ReferralRead:
    """One referral with everything that its pages say."""

    id: UUID
    reference: str
    pupil_id: UUID
    pupil_name: str
    first_name: str
    surnames: list[str | None]
    agency_id: UUID
    agency_name: str
    school_name: str
    status: Status
    why_now: str
    tried: str
    wanted: str
    strengths: str
    needs: str
    ask_id: UUID | None
    share_id: UUID | None
    created_by_name: str | None
    created_at: datetime
    sent_at: datetime | None
    version: int
    documents: list[dict[str, str]]
    replies: tuple[dict[str, Any], ...]
    reports: tuple[ReportRead, ...]
    link: LinkRead | None

    @property
    def tag(self) -> Mapping[str, str]:
        words, classes = STATUSES[self.status]
        return {"text": words, "classes": classes}

    @property
    def before_sending(self) -> bool:
        return self.status in BEFORE_SENDING

    @property
    def was_sent(self) -> bool:
        return self.status in SENT

    @property
    def missing(self) -> list[str]:
        return [sentence for name, sentence in MISSING.items() if not getattr(self, name).strip()]

    @property
    def answers(self) -> dict[str, str]:
        return {question: getattr(self, name) for name, question in WORDS.items()}
