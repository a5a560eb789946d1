"""What pages are told about a plan: frozen, complete, and without prices unless they were asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.pupils.queries import PupilCard

STATUS_NAMES = {
    "draft": "Draft",
    "shared": "Shared with the family",
    "agreed": "Agreed",
    "superseded": "Replaced",
    "ceased": "Ended",
}
METHOD_NAMES = {
    "portal": "online",
    "paper": "on paper",
    "phone": "by phone",
    "meeting": "in a meeting",
    "no_reply": "no reply",
}


@dataclass(frozen=True, slots=True)
class NeedRead:
    rank: int
    code: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class TargetRead:
    id: UUID
    position: int
    need_code: str
    need_name: str
    title: str
    baseline: str
    success_criterion: str
    school_will: str
    home_will: str
    pupil_will: str
    who: str
    how_often: str
    review_by: date | None
    version: int


@dataclass(frozen=True, slots=True)
class ProvisionRead:
    """A line of provision. The three amounts are None for people who may not see what help costs."""

    id: UUID
    position: int
    name: str
    who: str
    minutes_per_session: int
    sessions_per_week: int
    weeks: int
    group_size: int
    hourly_rate_pence: int | None = None
    one_off_pence: int | None = None
    cost_pence: int | None = None
    version: int | None = None

    @property
    def how_much(self) -> str:
        """4 times a week, 30 minutes, for 12 weeks, in a group of 4."""
        if not self.minutes_per_session or not self.sessions_per_week:
            return "Bought or put in place once"
        times = "Once a week" if self.sessions_per_week == 1 else f"{self.sessions_per_week} times a week"
        weeks = "1 week" if self.weeks == 1 else f"{self.weeks} weeks"
        group = "one to one" if self.group_size == 1 else f"in a group of {self.group_size}"
        return f"{times}, {self.minutes_per_session} minutes, for {weeks}, {group}"


@dataclass(frozen=True, slots=True)
class AgreementRead:
    """An answer to the plan. A parent is only ever told of their own."""

    id: UUID
    agreed: bool
    method: str
    said_by: str
    comment: str
    happened_on: date
    recorded_at: datetime
    recorded_by: str | None
    plan_version: int

    @property
    def how(self) -> str:
        return METHOD_NAMES[self.method]


class _Standing:
    """Where a plan stands, for the pages that offer the next step."""

    __slots__ = ()
    status: str
    taken_back_at: datetime | None

    @property
    def status_name(self) -> str:
        return STATUS_NAMES[self.status]

    @property
    def is_draft(self) -> bool:
        return self.status == "draft"

    @property
    def is_open(self) -> bool:
        return self.status in {"draft", "shared"}

    @property
    def can_be_discarded(self) -> bool:
        """The family has never seen it."""
        return self.is_draft and self.taken_back_at is None

    @property
    def can_be_ended(self) -> bool:
        return self.status in {"draft", "shared", "agreed"} and not self.can_be_discarded


@dataclass(frozen=True, slots=True)
class PlanView(_Standing):
    """One plan with its parts. `pupil` is for the pages of the school: a family is told the first name alone."""

    id: UUID
    pupil_id: UUID
    pupil: PupilCard | None
    first_name: str
    number: int
    status: str
    strengths: str
    difficulties: str
    outcomes: str
    starts_on: date
    next_review_on: date | None
    shared_at: datetime | None
    agreed_at: datetime | None
    taken_back_at: datetime | None
    ended_on: date | None
    ended_because: str
    ended_by: str | None
    previous_id: UUID | None
    version: int
    review_id: UUID | None
    reviewed_on: date | None
    needs: tuple[NeedRead, ...]
    targets: tuple[TargetRead, ...]
    provision: tuple[ProvisionRead, ...]
    agreements: tuple[AgreementRead, ...]

    @property
    def cost_pence(self) -> int:
        """For a year, of the lines whose price was asked for."""
        return sum(line.cost_pence or 0 for line in self.provision)

    def get_target(self, target_id: UUID) -> TargetRead | None:
        return next((target for target in self.targets if target.id == target_id), None)

    def get_line(self, line_id: UUID) -> ProvisionRead | None:
        return next((line for line in self.provision if line.id == line_id), None)


@dataclass(frozen=True, slots=True)
class PlanLine(_Standing):
    """A plan in a list."""

    id: UUID
    number: int
    status: str
    starts_on: date
    next_review_on: date | None
    shared_at: datetime | None
    agreed_at: datetime | None
    taken_back_at: datetime | None
    ended_on: date | None
    review_id: UUID | None
