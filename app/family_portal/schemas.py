"""What a family may say: yes or no, and their own words."""

from dataclasses import dataclass

from app.kernel.commands import CommandSchema
from app.plans.service import Agreement
from app.sharing.schemas import YesNo
from app.sharing.service import Answer
from app.voice.service import FamilyWords
from app.web.answers import version, words


@dataclass(frozen=True, slots=True)
class TakingBack:
    """There is nothing to explain: taking back a yes is as easy as giving it."""


class AnswerSchema(CommandSchema[Answer]):
    command = Answer

    given = YesNo("Choose yes or no")
    comment = words("", label="What you want to say", most=2000, required=False)


class TakingBackSchema(CommandSchema[TakingBack]):
    command = TakingBack


class AgreementSchema(CommandSchema[Agreement]):
    command = Agreement

    agreed = YesNo("Choose if you agree with the plan")
    comment = words("", label="What you want to say", most=5000, required=False)
    plan_version = version()


class ViewSchema(CommandSchema[FamilyWords]):
    command = FamilyWords

    words = words("Enter what you want to say", label="What you want to say", most=5000)
