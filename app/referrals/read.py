"""What pages are told about referrals: frozen and complete."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.casework.read import CaseRead
from app.kernel.clock import today
from app.referrals.models import SENT, Status

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
# What an answer asks of the school. Where it says nothing, the page does.
NEXT = {
    Status.ACCEPTED: "The service takes it on. Tell the family how long they may wait. A report arrives here.",
    Status.DECLINED: "Nothing more comes from this service. Tell the family why. You can withdraw this referral "
    "and start one to another service.",
    Status.QUESTION: "Answer the service in the way you usually reach it. It can still answer here, through its link.",
    Status.REPORTED: "Read the report, and decide if the family sees it here.",
    Status.WRONG_PERSON: "Whoever opened the link said that they are not the right person. The link is closed. "
    "Ask the service if its mailbox has changed, then send a new link.",
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
STOPPED = "you stopped sharing"


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
        """A link that nobody closed has run out; a reason that is not ours was written by whoever stopped sharing."""
        return CLOSED.get(self.closed_because or "ran_out", STOPPED)


@dataclass(frozen=True, slots=True)
class ReportRead:
    """A report that the agency sent, in this school's record of the child."""

    id: UUID
    title: str
    arrived_at: datetime
    shown_to_family: bool
    version: int


@dataclass(frozen=True, slots=True)
class ReferralRead(CaseRead):
    """One referral with everything that its pages say."""

    tags = STATUSES
    questions = WORDS

    agency_id: UUID
    sent_at: datetime | None
    replies: tuple[dict[str, Any], ...]
    reports: tuple[ReportRead, ...]
    link: LinkRead | None

    @property
    def was_sent(self) -> bool:
        return self.status in SENT

    @property
    def missing(self) -> list[str]:
        return [sentence for name, sentence in MISSING.items() if not getattr(self, name).strip()]
