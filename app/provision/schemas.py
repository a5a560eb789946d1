"""What a browser may say about provision."""

from typing import Any

from marshmallow import ValidationError, validates

from app.kernel.commands import CommandSchema
from app.kernel.money import format_pounds
from app.provision.service import Line
from app.web.answers import Pounds, Whole, words

# Rates and prices beyond these are slips of the finger, and their products would not fit a column.
DEAREST_HOUR_PENCE = 500_00
DEAREST_THING_PENCE = 50_000_00


class LineSchema(CommandSchema[Line]):
    """For people who may not see prices."""

    command = Line

    version = Whole("Version", 1, 100_000_000, load_default=None)
    name = words("Enter what help this is", most=200, label="The name")
    who = words("", most=200, label="Who does it", required=False)
    minutes_per_session = Whole("Minutes for each session", 0, 480, load_default=0)
    sessions_per_week = Whole("Sessions a week", 0, 25, load_default=0)
    weeks = Whole("Weeks", 0, 52, load_default=0)
    group_size = Whole("Children in the group", 1, 60, load_default=1)


class PricedLineSchema(LineSchema):
    """For the SENDCO: with what an hour and what a thing costs."""

    hourly_rate_pence = Pounds("Enter what an hour costs", load_default=0)
    one_off_pence = Pounds("Enter what it costs once", load_default=0)

    @validates("hourly_rate_pence")
    def _sensible_rate(self, pence: int, **_: Any) -> None:
        if pence > DEAREST_HOUR_PENCE:
            raise ValidationError(f"The cost of an hour must be {format_pounds(DEAREST_HOUR_PENCE)} or less")

    @validates("one_off_pence")
    def _sensible_price(self, pence: int, **_: Any) -> None:
        if pence > DEAREST_THING_PENCE:
            raise ValidationError(f"The cost of a thing must be {format_pounds(DEAREST_THING_PENCE)} or less")
