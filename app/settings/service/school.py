"""What a school can change about itself."""

from dataclasses import dataclass

from app.kernel.access import Actor, authorise
from app.kernel.errors import Invalid
from app.settings import colours, policy
from tenants.registry import Tenant


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """`colour` is one of the palette, or "other" with a code of their own."""

    name: str
    colour: str
    colour_code: str


def change_school(actor: Actor, school: Tenant, change: SchoolChange) -> None:
    """Raises Invalid for a colour that nobody could see as a band on white."""
    authorise(actor, policy.can_keep_school)
    school.name = change.name
    school.colour = _chosen(change)


def _chosen(change: SchoolChange) -> str:
    if change.colour != colours.OTHER:
        return change.colour
    code = colours.normal(change.colour_code)
    if code is None:
        raise Invalid("colour_code", "Enter a colour code of 6 letters and numbers, like 1d4f6b")
    if colours.contrast_with_white(code) < colours.LEAST_CONTRAST:
        raise Invalid("colour_code", "Choose a darker colour: people could not see this one on white")
    return code
