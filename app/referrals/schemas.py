"""What a browser may say about a referral."""

from marshmallow import fields

from app.casework.schemas import may_wait
from app.kernel.commands import CommandSchema
from app.referrals.service import ShowReport, Start, Words
from app.web.answers import version

CHOOSE = "Choose which service to ask"


class StartSchema(CommandSchema[Start]):
    command = Start

    agency_id = fields.UUID(required=True, error_messages={"required": CHOOSE, "invalid_uuid": CHOOSE})


class WordsSchema(CommandSchema[Words]):
    command = Words

    why_now = may_wait("Why now")
    wanted = may_wait("What you ask for")
    tried = may_wait("What you have tried")
    strengths = may_wait("What goes well")
    needs = may_wait("What is hard")
    version = version()


class ShowReportSchema(CommandSchema[ShowReport]):
    command = ShowReport

    shown = fields.Boolean(required=True)
    version = version()
