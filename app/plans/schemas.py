"""What a browser may say about plans."""

from typing import Any

from marshmallow import ValidationError, fields, post_load

from app.kernel.clock import today
from app.kernel.commands import CommandSchema
from app.plans.copying import MODELS
from app.plans.drafting import MOST_NEEDS, About, Dates, Need, Needs, TargetWords
from app.plans.ending import Discarding, Ending
from app.plans.service import STAFF_METHODS, Agreement, Opening
from app.settings import codes
from app.web.answers import DateOf, Whole, one_of, words

MOST_VERSIONS = 100_000_000


def _need_code(missing: str, *, required: bool = True) -> fields.String:
    def known(code: str) -> None:
        if codes.find_need_code(code, today()) is None:
            raise ValidationError(missing)

    extra: dict[str, Any] = {"required": True} if required else {"load_default": None}
    return fields.String(validate=known, error_messages={"required": missing, "invalid": missing}, **extra)


def _version(*, required: bool = True) -> Whole:
    extra: dict[str, Any] = {"required": True} if required else {"load_default": None}
    return Whole("Version", 1, MOST_VERSIONS, **extra)


class OpeningSchema(CommandSchema[Opening]):
    command = Opening

    copy = fields.List(fields.String(), load_default=list(MODELS))


class AboutSchema(CommandSchema[About]):
    command = About

    version = _version()
    strengths = words("", label="What the child is good at", required=False)
    difficulties = words("", label="What is hard", required=False)
    outcomes = words("", label="What everybody hopes for", required=False)


class NeedsSchema(CommandSchema[Needs]):
    """Four rows of a type of need and what it means for this child; empty rows are left out."""

    command = Needs

    version = _version()
    code_1 = _need_code("Choose the main need")
    description_1 = words("", most=1000, label="What it means for the child", required=False)
    code_2 = _need_code("Choose a need from the list", required=False)
    description_2 = words("", most=1000, label="What it means for the child", required=False)
    code_3 = _need_code("Choose a need from the list", required=False)
    description_3 = words("", most=1000, label="What it means for the child", required=False)
    code_4 = _need_code("Choose a need from the list", required=False)
    description_4 = words("", most=1000, label="What it means for the child", required=False)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Needs:
        chosen: list[Need] = []
        for row in range(1, MOST_NEEDS + 1):
            code, description = data[f"code_{row}"], data[f"description_{row}"]
            if description and not code:
                raise ValidationError("Choose the need that these words are about", f"code_{row}")
            if code in {need.code for need in chosen}:
                raise ValidationError("Choose each need once", f"code_{row}")
            if code:
                chosen.append(Need(code, description))
        return Needs(data["version"], tuple(chosen))


class DatesSchema(CommandSchema[Dates]):
    command = Dates

    version = _version()
    starts_on = DateOf("Date the plan starts", required=True)
    next_review_on = DateOf("Date of the next review", required=True)


class TargetSchema(CommandSchema[TargetWords]):
    command = TargetWords

    version = _version(required=False)
    title = words("Enter what the child will learn to do", most=500, label="The target")
    need_code = _need_code("Choose the need that this target is for")
    baseline = words("Enter where the child is now", most=2000, label="Where the child is now")
    success_criterion = words(
        "Enter how everybody will know that it worked", most=2000, label="How you will know"
    )
    school_will = words("Enter what school will do", most=2000, label="What school will do")
    home_will = words("", most=2000, label="What home will do", required=False)
    pupil_will = words("", most=2000, label="What the child will do", required=False)
    who = words("Enter who helps", most=300, label="Who helps")
    how_often = words("Enter how often", most=300, label="How often")
    review_by = DateOf("Date to look at it", load_default=None)


class AgreementSchema(CommandSchema[Agreement]):
    """What the SENDCO writes down when a family answers in another way than online."""

    command = Agreement

    plan_version = _version()
    answer = one_of(("yes", "no"), "Choose whether the family agrees")
    method = one_of(STAFF_METHODS, "Choose how they answered")
    said_by = words("", most=200, label="Who answered", required=False)
    happened_on = DateOf("Date they answered", required=True)
    comment = words("", label="What they said", required=False)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Agreement:
        return Agreement(agreed=data.pop("answer") == "yes", **data)


class EndingSchema(CommandSchema[Ending]):
    command = Ending

    version = _version()
    ended_on = DateOf("Date the plan ended", required=True)
    ended_because = words(
        "Enter why the plan ends, in words that the family will read", label="Why the plan ends"
    )


class DiscardingSchema(CommandSchema[Discarding]):
    command = Discarding

    version = _version()
