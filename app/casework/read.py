"""What pages are told about requests and referrals alike: frozen and complete."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from app.casework.models import BEFORE_SENDING

Tags = Mapping[Any, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A request or a referral in a list; `about` is what it asks for, or whom."""

    id: UUID
    reference: str
    pupil_name: str
    about: str
    tag: Mapping[str, str]
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseRead(ABC):
    """What both have. Each room adds its own, names its questions and says what a case must have."""

    tags: ClassVar[Tags]
    questions: ClassVar[Mapping[str, str]]

    id: UUID
    reference: str
    pupil_id: UUID
    pupil_name: str
    first_name: str
    surnames: list[str | None]
    school_name: str
    guest_name: str
    status: Any
    why_now: str
    tried: str
    wanted: str
    strengths: str
    needs: str
    ask_id: UUID | None
    share_id: UUID | None
    created_by: UUID | None
    created_by_name: str | None
    version: int
    documents: list[dict[str, str]]
    share: tuple[str | None, str | None, str] | None

    @property
    @abstractmethod
    def missing(self) -> list[str]:
        """Sentences that say what to do before the family is asked."""

    @property
    def tag(self) -> Mapping[str, str]:
        return tag_of(self.tags, self.status)

    @property
    def before_sending(self) -> bool:
        return self.status in BEFORE_SENDING

    @property
    def answers(self) -> dict[str, str]:
        """Question and answer, in the order in which they are read."""
        return {question: getattr(self, name) for name, question in self.questions.items()}

    @property
    def stopped_at(self) -> datetime | None:
        """When the school or the family ended the sharing."""
        stopped = self.share[0] if self.share else None
        return datetime.fromisoformat(stopped) if stopped else None

    @property
    def stopped_because(self) -> str:
        return (self.share[1] if self.share else None) or ""

    @property
    def readable_until(self) -> date | None:
        """The last day on which the other side may read it, unless it was stopped before."""
        return date.fromisoformat(self.share[2]) if self.share else None


def tag_of(tags: Tags, status: Any) -> Mapping[str, str]:
    words, classes = tags[status]
    return {"text": words, "classes": classes}
