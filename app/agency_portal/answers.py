"""The answers that a professional may give, each on a page of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.agency_portal.schemas import (
    REASONS,
    AcceptanceSchema,
    AdviceSchema,
    NotMeSchema,
    QuestionSchema,
    RefusalSchema,
)
from app.kernel.commands import CommandSchema


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """`boxes` are large texts, `lines` are short ones: name of the field, label, hint."""

    path: str
    title: str
    button: str
    schema: type[CommandSchema[Any]]
    before: str = ""
    lines: tuple[tuple[str, str, str], ...] = ()
    boxes: tuple[tuple[str, str, str], ...] = ()
    choices: Mapping[str, str] | None = None


ANSWERS = {
    "acceptance": AnswerForm(
        "acceptance",
        "Accept this referral",
        "Accept the referral",
        AcceptanceSchema,
        lines=(("expected_wait", "How long may the family have to wait?", "For example, 18 weeks"),),
        boxes=(("words", "What happens next? (optional)", "The school tells the family."),),
    ),
    "refusal": AnswerForm(
        "refusal",
        "Decline this referral",
        "Decline the referral",
        RefusalSchema,
        boxes=(
            (
                "words",
                "What can the school do instead?",
                "For example, another service, or what you need to know.",
            ),
        ),
        choices=REASONS,
    ),
    "question": AnswerForm(
        "question",
        "Ask the school a question",
        "Send the question",
        QuestionSchema,
        boxes=(
            (
                "words",
                "What do you need to know?",
                "The school answers you in its own way, or sends a new link.",
            ),
        ),
    ),
    "advice": AnswerForm(
        "advice",
        "Send your recommendations",
        "Send the recommendations",
        AdviceSchema,
        boxes=(
            ("recommendations", "What do you recommend?", "Who should do what, how often and until when."),
        ),
    ),
    "wrong-person": AnswerForm(
        "wrong-person",
        "I am not the right person",
        "Close the link",
        NotMeSchema,
        before="The link closes for everybody, and the school is told. You will not see the referral again.",
        boxes=(
            (
                "words",
                "Who is the right person? (optional)",
                "The school can send a new link to your registered mailbox.",
            ),
        ),
    ),
}
