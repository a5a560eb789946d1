"""Who may ever authorise an LSS request. Everything else is as for every case."""

from app.kernel.access import Actor, Role
from app.lss.models import LssRequest


def can_authorise(actor: Actor, request: LssRequest) -> bool:
    """Nobody approves their own work."""
    return actor.has(Role.HEADTEACHER) and actor.person_id not in (request.created_by, *request.editors)
