"""The scale on which a target is reviewed, as data with dates of validity."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "target_outcomes.csv"

PARENT_TOOK_PART = {
    "attended": "They came to the review",
    "phone": "They took part by phone or video",
    "views_sent": "They sent their views",
    "no_reply": "We asked at least twice and had no reply",
}


@dataclass(frozen=True, slots=True)
class TargetOutcome:
    """One step of the scale. "Not delivered as planned" speaks of the help, never of the child."""

    code: str
    name: str
    meaning: str
    closes: bool
    valid_from: date
    valid_to: date | None


def target_outcomes(on: date) -> tuple[TargetOutcome, ...]:
    """The choices on that day, in the order of the scale."""
    return tuple(o for o in _all() if o.valid_from <= on and (o.valid_to is None or on <= o.valid_to))


def outcome_name(code: str) -> str:
    """Also of a step that is history by now."""
    return next((outcome.name for outcome in _all() if outcome.code == code), code)


def closes(code: str) -> bool:
    """Whether a target that went like this is done with."""
    return any(outcome.closes for outcome in _all() if outcome.code == code)


@cache
def _all() -> tuple[TargetOutcome, ...]:
    with _DATA.open(encoding="utf-8", newline="") as file:
        return tuple(_outcome(row) for row in csv.DictReader(file))


def _outcome(row: dict[str, str]) -> TargetOutcome:
    return TargetOutcome(
        code=row["code"],
        name=row["name"],
        meaning=row["meaning"],
        closes=row["closes"] == "yes",
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )
