"""Who may ever do what with a referral."""

from app.kernel.access import RECORD_ROLES, Actor, Role

READERS = tuple(sorted(RECORD_ROLES))


def can_write(actor: Actor) -> bool:
    return actor.has(Role.SENDCO)


def can_show_report(actor: Actor) -> bool:
    return actor.has(Role.SENDCO)
