"""What pages are told about asks, shares and replies: frozen and complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.kernel import clock
from app.kernel.errors import NotFound
from app.pupils.queries import PupilCard
from app.sharing.reading import Line, lines_of
from app.sharing.standing import Answered, Standing, State, stand

PURPOSES = {
    "lss": "Request for help",
    "referral": "Referral",
    "ehc": "EHC needs assessment papers",
}
METHODS = {
    "portal": "online",
    "paper": "on paper",
    "phone": "by phone",
    "meeting": "in a meeting",
}
STATES = {
    State.GIVEN: "You may share",
    State.REFUSED: "One parent has said no",
    State.WAITING: "Waiting for an answer",
    State.WITHDRAWN: "Consent withdrawn",
    State.EXPIRED: "Consent has run out",
}
# A reason that is not here was written by whoever stopped sharing.
REASONS = {
    "consent_withdrawn": "Consent was withdrawn",
    "withdrawn_by_school": "Your school took it back",
    "replaced": "Your school sent a newer version",
}
REPLIES = {
    "acknowledged": "They have received it",
    "accepted": "Accepted",
    "declined": "Declined",
    "question": "They ask a question",
    "report": "Report",
    "decision": "Decision",
    "not_me": "Sent to the wrong person",
}


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """What one adult said, when, how, and who wrote it down."""

    id: UUID
    contact_id: UUID | None
    given: bool
    method: str
    said_by: str
    comment: str
    given_on: date
    expires_on: date
    recorded_by: str | None
    withdrawn_at: datetime | None

    @property
    def how(self) -> str:
        return METHODS[self.method]

    @property
    def answered(self) -> Answered:
        return Answered(self.id, self.contact_id, self.given, self.expires_on, self.withdrawn_at is not None)


@dataclass(frozen=True, slots=True)
class AskRead:
    """What was asked, and every answer in order. `waiting_for`: adults with responsibility who have not answered.

    `earlier`: what adults answered to earlier asks of the same child, purpose and guest, in order.
    """

    id: UUID
    pupil_id: UUID
    pupil: PupilCard
    purpose: str
    subject_id: UUID
    guest_name: str
    content: Mapping[str, Any]
    wording: str
    asked_at: datetime
    closed_at: datetime | None
    earlier: tuple[AnswerRead, ...]
    answers: tuple[AnswerRead, ...]
    adults: tuple[tuple[UUID, str], ...]

    @property
    def standing(self) -> Standing:
        return stand([answer.answered for answer in (*self.objections, *self.answers)], clock.today())

    @property
    def objections(self) -> list[AnswerRead]:
        """What adults with responsibility said against an earlier ask and have not said otherwise since."""
        return [answer for answer in self._objectors.values() if answer.answered.objects]

    @property
    def _objectors(self) -> dict[UUID | None, AnswerRead]:
        """The last word of each adult who has not answered this ask."""
        heard, adults = {answer.contact_id for answer in self.answers}, {key for key, _ in self.adults}
        return {a.contact_id: a for a in self.earlier if a.contact_id in adults - heard}

    @property
    def lines(self) -> list[Line]:
        return lines_of(self.content)

    def answer(self, consent_id: UUID) -> AnswerRead:
        """Raises NotFound for an answer to another question."""
        found = next((answer for answer in self.answers if answer.id == consent_id), None)
        if found is None:
            raise NotFound
        return found

    @property
    def waiting_for(self) -> list[str]:
        heard = {answer.contact_id for answer in self.answers}
        return [name for key, name in self.adults if key not in heard]


@dataclass(frozen=True, slots=True)
class ShareRead:
    """Who has what, until when."""

    id: UUID
    pupil_id: UUID
    pupil: PupilCard
    guest_name: str
    kind: str
    subject_id: UUID
    created_at: datetime
    expires_on: date
    revoked_at: datetime | None
    revoked_because: str | None
    ask_id: UUID | None
    documents: tuple[str, ...]

    @property
    def live(self) -> bool:
        return self.revoked_at is None and self.expires_on >= clock.today()

    @property
    def ended(self) -> str:
        if self.revoked_at is None:
            return "The agreed time is over"
        return REASONS.get(self.revoked_because or "", self.revoked_because or "")


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything about the sharing of one pupil."""

    pupil: PupilCard
    shares: tuple[ShareRead, ...]
    asks: tuple[AskRead, ...]


@dataclass(frozen=True, slots=True)
class ReplyRead:
    id: UUID
    kind: str
    content: Mapping[str, Any]
    author_name: str
    author_role: str
    issued_at: datetime
