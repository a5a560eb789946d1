"""Who may ever do what with a request or a referral. Whether now is the moment is the model's business."""

from app.kernel.access import RECORD_ROLES, Actor, Role

READERS = tuple(sorted(RECORD_ROLES))


def can_write(actor: Actor) -> bool:
    return actor.has(Role.SENDCO)
