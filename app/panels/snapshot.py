"""What a school handed to the panel, read from the frozen share: whatever is missing is left out, not an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.panels.words import KINDS, year_group
from app.reviews.scale import outcome_name

# In the order in which somebody who has three minutes wants to read it.
PARTS = (
    ("wanted", "What the school asks for"),
    ("why_now", "Why now"),
    ("outcomes", "What should be different afterwards"),
    ("needs", "Needs"),
    ("tried", "What has been tried"),
    ("strengths", "Strengths"),
    ("pupil_view", "What the child says"),
    ("family_view", "What the family says"),
)


@dataclass(frozen=True, slots=True)
class Target:
    title: str
    progress: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    reference: str
    kind: str
    child: str
    year_group: str
    school: str
    amount_pence: int | None
    terms: int | None
    provision_cost_pence: int | None
    reviewed_cycles: int | None
    parts: tuple[tuple[str, str], ...]
    plan: tuple[Target, ...]

    @property
    def asks_for(self) -> str:
        return KINDS.get(self.kind, "Help")

    @property
    def caption(self) -> str:
        return ", ".join(filter(None, (self.child, self.year_group, self.school)))


def read_snapshot(content: Mapping[str, Any]) -> Snapshot:
    pupil = content.get("pupil")
    pupil = pupil if isinstance(pupil, Mapping) else {}
    return Snapshot(
        reference=_words(content, "reference"),
        kind=_words(content, "kind"),
        child=_words(pupil, "name") or "A child",
        year_group=year_group(pupil.get("year_group")),
        school=_words(content, "school_name"),
        amount_pence=_number(content, "amount_pence"),
        terms=_number(content, "terms"),
        provision_cost_pence=_number(content, "provision_cost_pence"),
        reviewed_cycles=_number(content, "reviewed_cycles"),
        parts=tuple((title, said) for key, title in PARTS if (said := _words(content, key))),
        plan=tuple(_target(entry) for entry in _entries(content.get("plan"))),
    )


def _words(content: Mapping[str, Any], key: str) -> str:
    value = content.get(key)
    return value.strip() if isinstance(value, str) else ""


def _number(content: Mapping[str, Any], key: str) -> int | None:
    value = content.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _entries(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _target(entry: Any) -> Target:
    if not isinstance(entry, Mapping):
        return Target(str(entry), "")
    codes = [code for code in _entries(entry.get("outcomes")) if isinstance(code, str)]
    progress = ", then ".join(outcome_name(code).lower() for code in codes)
    return Target(_words(entry, "title"), progress[:1].upper() + progress[1:])
