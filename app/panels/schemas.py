"""What a browser may say about meetings, items and decisions."""

import re
from datetime import time
from typing import Any

from marshmallow import ValidationError, fields, validate

from app.kernel.commands import CommandSchema
from app.panels.models import Choice
from app.panels.service.decisions import Ruling
from app.panels.service.items import Ballot, Interest, Remark, SpokenInterest
from app.panels.service.meetings import MeetingPlan, Presence
from app.panels.words import CONFLICTS, OUTCOMES
from app.web.answers import DateOf, Pounds, Whole, one_of, version, words

MORE_THAN_NOTHING = validate.Range(min=1, error="The amount must be more than £0")
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)


class TimeOfDay(fields.Field[time]):
    """A time as people write it: 13:30, 1.30pm, 9am."""

    SENTENCE = "Enter a time, like 9:30am or 13:30"

    def __init__(self) -> None:
        super().__init__(required=True, error_messages={"required": self.SENTENCE, "null": self.SENTENCE})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> time:
        match = _TIME.fullmatch(str(value).strip())
        if match is None or (match["minute"] is None and match["half"] is None):
            raise ValidationError(self.SENTENCE)
        hour, half = int(match["hour"]), (match["half"] or "").lower()
        if half and not 1 <= hour <= 12:
            raise ValidationError(self.SENTENCE)
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        try:
            return time(hour, int(match["minute"] or 0))
        except ValueError:
            raise ValidationError(self.SENTENCE) from None


class MeetingSchema(CommandSchema[MeetingPlan]):
    command = MeetingPlan

    title = words("Enter a name for the meeting", most=200, label="Name of the meeting")
    held_on = DateOf("Date of the meeting", required=True)
    held_time = TimeOfDay()
    place = words("Enter where the meeting is", most=500, label="Place")
    version = version(required=False)


class PresenceSchema(CommandSchema[Presence]):
    command = Presence

    present = fields.List(fields.UUID(), load_default=list)


class BallotSchema(CommandSchema[Ballot]):
    command = Ballot

    choice = one_of([choice.value for choice in Choice], "Select how you vote")


class RemarkSchema(CommandSchema[Remark]):
    command = Remark

    words = words("Enter your note", most=4_000, label="Your note")


class InterestSchema(CommandSchema[Interest]):
    command = Interest

    kind = one_of(CONFLICTS, "Select what the conflict of interest is")
    reason = words("Enter what the conflict of interest is", most=2_000, label="The reason")


class SpokenInterestSchema(CommandSchema[SpokenInterest]):
    command = SpokenInterest

    person_id = fields.UUID(
        required=True,
        error_messages=dict.fromkeys(
            ("required", "null", "invalid_uuid"), "Select who has a conflict of interest"
        ),
    )
    kind = one_of(CONFLICTS, "Select what the conflict of interest is")
    reason = words("Enter what the member said", most=2_000, label="What the member said")


class RulingSchema(CommandSchema[Ruling]):
    command = Ruling

    outcome = one_of(OUTCOMES, "Select what the panel decided")
    amount_pence = Pounds("Enter how much the panel awards", load_default=None, validate=MORE_THAN_NOTHING)
    fund_id = fields.UUID(load_default=None, error_messages={"invalid_uuid": "Select the fund that pays"})
    terms = Whole("Number of terms", 1, 6, load_default=None)
    more_because = words("", most=2_000, label="The reason for the amount", required=False)
    reason = words("Enter why the panel decided this", label="The reason")
    conditions = words("", label="Conditions", required=False)
