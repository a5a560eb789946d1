"""What pages are told about a plan: frozen, complete, and without prices unless they were asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

STATUS_NAMES = {
    "draft": "Draft",
    "shared": "Shared with the family",
    "agreed": "Agreed",
    "superseded": "Replaced by a newer plan",
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


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan with its parts. `pupil_name` is the first name alone in what a family is shown."""

    id: UUID
    pupil_id: UUID
    pupil_name: str
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
    previous_id: UUID | None
    version: int
    review_id: UUID | None
    needs: tuple[NeedRead, ...]
    targets: tuple[TargetRead, ...]
    provision: tuple[ProvisionRead, ...]
    agreements: tuple[AgreementRead, ...]

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
    def cost_pence(self) -> int:
        """For a year, of the lines whose price was asked for."""
        return sum(line.cost_pence or 0 for line in self.provision)

    def get_target(self, target_id: UUID) -> TargetRead | None:
        return next((target for target in self.targets if target.id == target_id), None)

    def get_line(self, line_id: UUID) -> ProvisionRead | None:
        return next((line for line in self.provision if line.id == line_id), None)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in a list."""

    id: UUID
    number: int
    status: str
    starts_on: date
    next_review_on: date | None
    shared_at: datetime | None
    agreed_at: datetime | None
    review_id: UUID | None

    @property
    def status_name(self) -> str:
        return STATUS_NAMES[self.status]

    @property
    def is_open(self) -> bool:
        return self.status in {"draft", "shared"}
