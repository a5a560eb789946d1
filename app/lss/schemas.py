"""What a browser may say about an LSS request."""

from marshmallow import fields

from app.kernel.commands import CommandSchema
from app.lss.models import Kind
from app.lss.service import Child, Chosen, Reasons, Seen, Start, Views, Wanted
from app.web.answers import Pounds, Whole, one_of, words

CHOOSE = "Choose what you are asking for"


def _may_wait(label: str) -> fields.String:
    """A draft may be saved with gaps; the gate says later what is missing."""
    return words("", label=label, required=False)


def _version() -> Whole:
    return Whole("Version", 1, 1_000_000, required=True)


class StartSchema(CommandSchema[Start]):
    command = Start

    kind = one_of(Kind, CHOOSE)


class WantedSchema(CommandSchema[Wanted]):
    command = Wanted

    kind = one_of(Kind, CHOOSE)
    wanted = _may_wait("What you ask for")
    amount_pence = Pounds("Enter how much money you ask for", load_default=None)
    terms = Whole("Number of terms", 1, 6, load_default=None)
    outcomes = _may_wait("What you hope will change")
    version = _version()


class ReasonsSchema(CommandSchema[Reasons]):
    command = Reasons

    why_now = _may_wait("Why now")
    tried = _may_wait("What you have tried")
    version = _version()


class ChildSchema(CommandSchema[Child]):
    command = Child

    strengths = _may_wait("What goes well")
    needs = _may_wait("What is hard")
    version = _version()


class ViewsSchema(CommandSchema[Views]):
    command = Views

    pupil_view = _may_wait("What the child says")
    family_view = _may_wait("What the family says")
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
