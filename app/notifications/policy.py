"""Who may ever do what with messages."""

from app.kernel.access import Actor, Role
from app.notifications.models import Notification


def can_read(actor: Actor, notification: Notification) -> bool:
    return notification.person_id == actor.person_id and notification.audience == actor.audience


def can_see_not_sent(actor: Actor) -> bool:
    """Those who can tell somebody in another way."""
    return actor.has(Role.SENDCO, Role.SCHOOL_ADMIN, Role.CLERK)
