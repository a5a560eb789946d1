"""What a family is told: only of their own children, and only their own answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.family_portal import statuses
from app.kernel import clock
from app.sharing.reading import Line, lines_of


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the reader. `link_id` stands in addresses; `responsible`: may say yes or no for the child."""

    link_id: UUID
    pupil_id: UUID
    name: str
    school: str
    responsible: bool


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What the reader has answered, online or to the school."""

    id: UUID
    given: bool
    method: str
    given_on: date
    expires_on: date
    withdrawn_at: datetime | None

    @property
    def holds(self) -> bool:
        """A yes that somebody may rely on today."""
        return self.given and self.withdrawn_at is None and self.expires_on >= clock.today()

    @property
    def words(self) -> str:
        day = f"{self.given_on.day} {self.given_on:%B %Y}"
        if not self.given:
            return f"You said no on {day}"
        if self.withdrawn_at is not None:
            taken = clock.london(self.withdrawn_at)
            return f"You said yes on {day}. You took it back on {taken.day} {taken:%B %Y}"
        return f"You said yes on {day}" if self.holds else f"You said yes on {day}. That yes has run out"


@dataclass(frozen=True, slots=True)
class AskLine:
    """A question in a list."""

    id: UUID
    purpose: str
    guest_name: str
    asked_at: datetime
    closed: bool
    answer: OwnAnswer | None

    @property
    def waiting(self) -> bool:
        return self.answer is None and not self.closed

    @property
    def title(self) -> str:
        return f"{statuses.SENDING[self.purpose]} to {self.guest_name}"


@dataclass(frozen=True, slots=True)
class AskPage:
    """One question: exactly what would be sent, the words to agree to, and what the reader has answered."""

    child: Child
    id: UUID
    purpose: str
    guest_name: str
    wording: str
    content: Mapping[str, Any]
    asked_at: datetime
    closed_at: datetime | None
    answers: tuple[OwnAnswer, ...]
    sent_at: datetime | None
    was_sent: bool

    @property
    def lines(self) -> list[Line]:
        return lines_of(self.content)

    @property
    def answer(self) -> OwnAnswer | None:
        """The last one counts."""
        return self.answers[-1] if self.answers else None

    @property
    def can_answer(self) -> bool:
        """Open, and not answered with a yes that still holds: that one is taken back instead."""
        return self.child.responsible and self.closed_at is None and not (self.answer and self.answer.holds)

    @property
    def about_lines(self) -> tuple[str, str]:
        """What stands above the lines, and who sees them: no promise that an answer has made untrue."""
        if self.was_sent and self.sent_at is not None:
            return "This is all that was sent", f"{self.guest_name} can see this and nothing else."
        closed = self.closed_at is not None
        if self.was_sent and (closed or self.answer is not None):  # asked anew, it waits for an answer again
            return "This is what was shared", "Nothing more is shared now."
        if closed or (self.answer is not None and not self.answer.holds):
            return "This is what the school asked to send", "It is not sent."
        return "This is all that will be sent", f"{self.guest_name} will see this and nothing else."

    @property
    def next_steps(self) -> list[dict[str, str]]:
        """For "What happens next", from what the reader knows."""
        keeps = f"{self.child.name} keeps all the help they get now"
        if self.closed_at is not None:
            where = "You find it on the page before this one"
            return [{"what": "If there is a new question, please read and answer that", "when": where}]
        if self.sent_at is not None:
            sent = clock.london(self.sent_at)
            if self.answer is not None and not self.answer.given:
                before = f"It was sent on {sent.day} {sent:%B %Y}, before you said no"
                return [
                    {"what": "The school has your answer and talks with you", "when": before, "who": keeps}
                ]
            return [{
                "what": f"{self.guest_name} reads it and answers the school",
                "when": f"It was sent on {sent.day} {sent:%B %Y}",
                "who": f"{self.child.school} tells you what they say",
            }]  # fmt: skip
        if self.answer is None:
            when = "Take the time you need. Nothing is sent without a yes"
            return [{"what": "The school waits for an answer", "when": when, "who": f"If it is no, {keeps}"}]
        if self.answer.holds:
            return [{"what": "The school can send it", "when": "Until then you can still take back your yes",
                     "who": f"{self.child.school} tells you when there is news"}]  # fmt: skip
        return [{"what": "Nothing is sent", "when": "You can change your mind at any time", "who": keeps}]


@dataclass(frozen=True, slots=True)
class Help:
    """A request or a referral on its way, in plain words."""

    purpose: str
    guest_name: str
    status: str
    decision: Mapping[str, Any] | None

    @property
    def title(self) -> str:
        return f"{statuses.SENDING[self.purpose]} to {self.guest_name}"

    @property
    def words(self) -> str:
        return statuses.of(self.purpose, self.status, self.decision)

    @property
    def after(self) -> str:
        return statuses.after(self.status, self.decision)


@dataclass(frozen=True, slots=True)
class PlanRef:
    """A plan that the school has shown to the family."""

    id: UUID
    number: int
    status: str
    next_review_on: date | None
    answered: bool
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the page of one child is made of."""

    child: Child
    plans: tuple[PlanRef, ...]
    asks: tuple[AskLine, ...]
    help: tuple[Help, ...]

    @property
    def new_plan(self) -> PlanRef | None:
        return next((plan for plan in self.plans if plan.status == "shared"), None)

    @property
    def plan(self) -> PlanRef | None:
        return next((plan for plan in self.plans if plan.status == "agreed"), None)

    @property
    def ended_plan(self) -> PlanRef | None:
        """The last plan, when it has ended and no other has taken its place."""
        last = self.plans[0] if self.plans else None
        return last if last and last.ended_on and not (self.plan or self.new_plan) else None

    def find_plan(self, plan_id: UUID) -> PlanRef | None:
        return next((plan for plan in self.plans if plan.id == plan_id), None)

    @property
    def waiting(self) -> list[AskLine]:
        return [ask for ask in self.asks if ask.waiting]


@dataclass(frozen=True, slots=True)
class Looked:
    """One reading of the record: a role at an organisation, never a name."""

    at: datetime
    role: str
    organisation: str
    what: str
