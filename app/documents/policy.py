"""Who may ever do what with a document. Which pupils they see is PostgreSQL's business."""

from uuid import UUID

from app.kernel.access import Actor, Role

READERS = (Role.SENDCO, Role.HEADTEACHER, Role.DSL, Role.CLASS_TEACHER)
KEEPERS = (Role.SENDCO,)


def can_upload(actor: Actor, share_id: UUID | None = None) -> bool:
    """A SENDCO to the record of a pupil; a professional to the one share that they came for."""
    if share_id is not None:
        return actor.has(Role.PROFESSIONAL) and actor.scope_id == share_id
    return actor.has(*KEEPERS)


def can_show(actor: Actor) -> bool:
    return actor.has(*KEEPERS)
