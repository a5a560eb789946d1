"""What a browser may say about a referral."""

from marshmallow import fields

from app.kernel.commands import CommandSchema
from app.referrals.service import Chosen, Seen, ShowReport, Start, Words
from app.web.answers import Whole, words

CHOOSE = "Choose which service to ask"


def _may_wait(label: str) -> fields.String:
    """A draft may be saved with gaps; the page says what is missing."""
    return words("", label=label, required=False)


def _version() -> Whole:
    return Whole("Version", 1, 1_000_000, required=True)


class StartSchema(CommandSchema[Start]):
    command = Start

    agency_id = fields.UUID(required=True, error_messages={"required": CHOOSE, "invalid_uuid": CHOOSE})


class WordsSchema(CommandSchema[Words]):
    command = Words

    why_now = _may_wait("Why now")
    wanted = _may_wait("What you ask for")
    tried = _may_wait("What you have tried")
    strengths = _may_wait("What goes well")
    needs = _may_wait("What is hard")
    version = _version()


class ChosenSchema(CommandSchema[Chosen]):
    command = Chosen

    documents = fields.List(
        fields.UUID(error_messages={"invalid_uuid": "Choose documents from the list"}), load_default=list
    )
    version = _version()


class SeenSchema(CommandSchema[Seen]):
    command = Seen

    version = _version()


class ShowReportSchema(CommandSchema[ShowReport]):
    command = ShowReport

    shown = fields.Boolean(required=True)
    version = _version()
