"""What a browser may say about funds."""

from marshmallow import validate

from app.funds.service import Correction, Opening, TopUp
from app.kernel.commands import CommandSchema
from app.web.answers import Pounds, one_of, words

MORE_THAN_NOTHING = validate.Range(min=1, error="The amount must be more than £0")


class OpeningSchema(CommandSchema[Opening]):
    command = Opening

    name = words("Enter a name for the fund", most=120, label="Name of the fund")
    year = words("Select the financial year of the fund", most=7)
    amount_pence = Pounds("Enter how much the fund opens with", required=True, validate=MORE_THAN_NOTHING)


class TopUpSchema(CommandSchema[TopUp]):
    command = TopUp

    amount_pence = Pounds("Enter how much is paid in", required=True, validate=MORE_THAN_NOTHING)
    note = words("Enter where the money comes from", most=2_000, label="Where the money comes from")


class CorrectionSchema(CommandSchema[Correction]):
    command = Correction

    direction = one_of(("put_back", "take_out"), "Select whether money goes back in or comes out")
    amount_pence = Pounds("Enter the amount to correct", required=True, validate=MORE_THAN_NOTHING)
    note = words("Enter what was wrong", most=2_000, label="What was wrong")
