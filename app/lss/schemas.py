"""What a browser may say about an LSS request."""

from app.casework.schemas import may_wait
from app.kernel.commands import CommandSchema
from app.lss.models import Kind
from app.lss.service import Child, Reasons, Start, Views, Wanted
from app.web.answers import Pounds, Whole, one_of, version

CHOOSE = "Choose what you are asking for"


class StartSchema(CommandSchema[Start]):
    command = Start

    kind = one_of(Kind, CHOOSE)


class WantedSchema(CommandSchema[Wanted]):
    command = Wanted

    kind = one_of(Kind, CHOOSE)
    wanted = may_wait("What you ask for")
    amount_pence = Pounds("Enter how much money you ask for", load_default=None)
    terms = Whole("Number of terms", 1, 6, load_default=None)
    outcomes = may_wait("What you hope will change")
    version = version()


class ReasonsSchema(CommandSchema[Reasons]):
    command = Reasons

    why_now = may_wait("Why now")
    tried = may_wait("What you have tried")
    version = version()


class ChildSchema(CommandSchema[Child]):
    command = Child

    strengths = may_wait("What goes well")
    needs = may_wait("What is hard")
    version = version()


class ViewsSchema(CommandSchema[Views]):
    command = Views

    pupil_view = may_wait("What the child says")
    family_view = may_wait("What the family says")
    version = version()
