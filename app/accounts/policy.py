"""Who may keep the staff of an organisation."""

from app.accounts.models import Membership
from app.kernel.access import LOCALITY_ROLES, SCHOOL_ROLES, Actor, Audience, Role

ADMIN = {Audience.SCHOOL: Role.SCHOOL_ADMIN, Audience.LOCALITY: Role.CLERK}
ROLES = {Audience.SCHOOL: SCHOOL_ROLES, Audience.LOCALITY: LOCALITY_ROLES}


def can_keep_staff(actor: Actor) -> bool:
    """The school admin of a school, the clerk of a locality."""
    admin = ADMIN.get(actor.audience)
    return admin is not None and actor.has(admin)


def can_change(actor: Actor, membership: Membership) -> bool:
    """Nobody changes their own roles or resets their own second factor."""
    return can_end(actor, membership) and membership.person_id != actor.person_id


def can_end(actor: Actor, membership: Membership) -> bool:
    """Also their own: the service sees to it that somebody is left who can let others in."""
    return can_keep_staff(actor) and membership.tenant_id == actor.tenant_id
