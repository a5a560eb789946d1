"""Who may ever do what with an LSS request. Whether now is the moment is the model's business."""

from app.kernel.access import RECORD_ROLES, Actor, Role
from app.lss.models import LssRequest

READERS = tuple(sorted(RECORD_ROLES))


def can_read(actor: Actor) -> bool:
    return actor.has(*READERS)


def can_write(actor: Actor) -> bool:
    return actor.has(Role.SENDCO)


def can_authorise(actor: Actor, request: LssRequest) -> bool:
    """Nobody approves their own work."""
    return actor.has(Role.HEADTEACHER) and actor.person_id not in (request.created_by, *request.editors)
