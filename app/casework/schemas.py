"""What a browser may say about any case: answers that may wait, documents, and that a page was seen."""

from marshmallow import fields

from app.casework.service import Chosen, Seen
from app.kernel.commands import CommandSchema
from app.web.answers import version, words


def may_wait(label: str) -> fields.String:
    """A draft may be saved with gaps; the page says what is missing."""
    return words("", label=label, required=False)


class ChosenSchema(CommandSchema[Chosen]):
    command = Chosen

    documents = fields.List(
        fields.UUID(error_messages={"invalid_uuid": "Choose documents from the list"}), load_default=list
    )
    version = version()


class SeenSchema(CommandSchema[Seen]):
    command = Seen

    version = version()
