"""What a browser may say about a review: three answers for each target of the plan, then what belongs to all."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load

from app.kernel.clock import today
from app.kernel.commands import CommandSchema
from app.reviews.scale import PARENT_TOOK_PART, closes, target_outcomes
from app.reviews.service import Reviewed, TargetResult
from app.voice.queries import CHILD_METHODS
from app.web.answers import DateOf, one_of, words

# Nobody has to think of it: what is met or not needed any more is closed, everything else goes on.
FITTING, KEEP, CLOSE = "fitting", "keep", "close"


class _ReviewSchema(CommandSchema[Reviewed]):
    command = Reviewed

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Reviewed:
        asked = [UUID(name.removeprefix("outcome_")) for name in self.fields if name.startswith("outcome_")]
        results = tuple(
            TargetResult(
                target_id=target_id,
                outcome=(outcome := data.pop(f"outcome_{target_id}")),
                evidence=data.pop(f"evidence_{target_id}"),
                keep=_is_kept(data.pop(f"next_{target_id}"), outcome),
            )
            for target_id in asked
        )
        return Reviewed(results=results, **(data | {"child_method": data["child_method"] or ""}))


def review_schema(target_ids: Iterable[UUID]) -> CommandSchema[Reviewed]:
    """The schema for one plan, its fields in the order of the page."""
    wanted: dict[str, fields.Field[Any]] = {
        "held_on": DateOf("Date of the review", required=True),
        "parent_took_part": one_of(PARENT_TOOK_PART, "Choose how the family took part"),
    }
    for target_id in target_ids:
        wanted |= _of_target(target_id)
    wanted |= {
        "child_comment": words("", label="What the child says", required=False),
        "child_method": one_of(CHILD_METHODS, "Choose how the child told you", required=False),
        "parent_comment": words("", label="What the family says", required=False),
        "summary": words("", label="What you agreed", required=False),
        "next_review_on": DateOf("Date of the next review", required=True),
    }
    made: CommandSchema[Reviewed] = _ReviewSchema.from_dict(wanted, name="ReviewSchema")()  # type: ignore[assignment]
    return made


def _is_kept(chosen: str, outcome: str) -> bool:
    return chosen == KEEP or (chosen == FITTING and not closes(outcome))


def _of_target(target_id: UUID) -> dict[str, fields.Field[Any]]:
    codes = [outcome.code for outcome in target_outcomes(today())]
    return {
        f"outcome_{target_id}": one_of(codes, "Choose how this target went"),
        f"evidence_{target_id}": words("", most=2000, label="What shows it", required=False),
        f"next_{target_id}": one_of((FITTING, KEEP, CLOSE), "Choose whether to keep this target"),
    }
