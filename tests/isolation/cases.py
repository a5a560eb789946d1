"""The three children whom everything is furnished about, and the people around each of them."""

from dataclasses import dataclass

from app.kernel.access import Role
from tests.world import Child, Organisation, Somebody, World


@dataclass(frozen=True)
class Case:
    """`desk` is whose messages and sessions there are at the school, `clerk` at the panel."""

    label: str
    child: Child
    at: Organisation
    sendco: Somebody
    head: Somebody
    adult: Somebody
    admin: Somebody
    desk: Somebody
    clerk: Somebody


def cases(world: World) -> list[Case]:
    """Amara and Idris are at the same school and in different classes, Noor at the other one.

    At Idris's desks sit people whom no probe knocks as: what is theirs is nobody else's.
    """
    w = world
    ours = (w.larkrise, w.sendco, w.head)
    theirs = (w.millbrook, w.other_sendco, w.other_head)
    colleague = w._staff("Una Firth", w.larkrise, Role.CLASS_TEACHER)
    return [
        Case("amara", w.amara, *ours, w.mother, w.admin, w.sendco, w.clerk),
        Case("idris", w.idris, *ours, w.other_mother, colleague, colleague, w.third_member),
        Case("noor", w.noor, *theirs, w.mother, w.other_admin, w.other_sendco, w.clerk),
    ]
