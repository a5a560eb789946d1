"""What a browser may say about answers, withdrawals and shares."""

from marshmallow import fields

from app.kernel.commands import CommandSchema
from app.sharing.service import Recorded, Stopping, Taken
from app.web.answers import DateOf, one_of, words

HEARD = ("paper", "phone", "meeting")
YES_NO = {"yes": True, "no": False}
WHO = "Choose who answered"


class YesNo(fields.Field[bool]):
    """Two radios. `missing` says what to choose."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            required=True, error_messages=dict.fromkeys(("required", "null", "invalid"), missing)
        )

    def _deserialize(self, value: object, *_: object, **__: object) -> bool:
        if value not in YES_NO:
            raise self.make_error("invalid")
        return YES_NO[str(value)]


class RecordedSchema(CommandSchema[Recorded]):
    command = Recorded

    contact_id = fields.UUID(
        required=True, error_messages=dict.fromkeys(("required", "null", "invalid_uuid"), WHO)
    )
    given = YesNo("Choose yes or no")
    method = one_of(HEARD, "Choose how they told you")
    given_on = DateOf("Date they told you", required=True)
    told_about_ehc = fields.Boolean(load_default=False)
    comment = words("Enter what they said", label="What they said", most=2000, required=False)


class TakenSchema(CommandSchema[Taken]):
    command = Taken

    method = one_of(HEARD, "Choose how they told you")


class StoppingSchema(CommandSchema[Stopping]):
    command = Stopping

    because = words("Enter why you are stopping", label="The reason", most=500)
