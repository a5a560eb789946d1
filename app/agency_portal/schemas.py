"""What a professional may say."""

from marshmallow import ValidationError, fields

from app.accounts.codes import digits
from app.agency_portal.door import Professional
from app.agency_portal.service import Acceptance, Acknowledgement, Advice, NotMe, Question, Refusal
from app.kernel.commands import CommandSchema
from app.web.answers import one_of, words

REASONS = {
    "not_for_us": "This is not what our service does",
    "needs_more": "We need more information first",
    "too_early": "It is too early: other help comes first",
    "known_already": "We already see this child",
    "no_room": "We have no room now",
    "other": "Another reason",
}


class CodeOf(fields.String):
    """Six digits, however they are spaced. Nothing else costs a try."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        typed = digits(str(value))
        if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
            raise ValidationError("Enter the 6 numbers of the code")
        return typed


class ProfessionalSchema(CommandSchema[Professional]):
    command = Professional

    code = CodeOf(required=True, error_messages={"required": "Enter the 6 numbers of the code"})
    name = words("Enter your name", most=200, label="Your name")
    role = words("Enter your role", most=200, label="Your role")


class AcknowledgementSchema(CommandSchema[Acknowledgement]):
    command = Acknowledgement


class AcceptanceSchema(CommandSchema[Acceptance]):
    command = Acceptance

    expected_wait = words("Enter how long the family may have to wait", most=200, label="Expected wait")
    words = words("", label="What happens next", required=False)


class RefusalSchema(CommandSchema[Refusal]):
    command = Refusal

    reason = one_of(REASONS, "Choose a reason")
    words = words("Enter what the school can do instead", label="What the school can do instead")


class QuestionSchema(CommandSchema[Question]):
    command = Question

    words = words("Enter your question", label="Your question")


class AdviceSchema(CommandSchema[Advice]):
    command = Advice

    recommendations = words("Enter what you recommend", label="What you recommend")


class NotMeSchema(CommandSchema[NotMe]):
    command = NotMe

    words = words("", most=2_000, label="Who the right person is", required=False)
