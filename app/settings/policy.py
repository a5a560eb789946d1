"""Who may ever change what an organisation keeps about itself."""

from app.kernel.access import Actor, Role

KEEPS_SCHOOL = (Role.SCHOOL_ADMIN,)
READS_SCHOOL = (Role.SCHOOL_ADMIN, Role.SENDCO)
KEEPS_TERMS = (Role.SCHOOL_ADMIN, Role.CLERK)
READS_TERMS = (Role.SCHOOL_ADMIN, Role.SENDCO, Role.CLERK, Role.AREA_SEND_LEAD)
SETS_RULES = (Role.CLERK, Role.AREA_SEND_LEAD)


def can_keep_school(actor: Actor) -> bool:
    return actor.has(*KEEPS_SCHOOL)


def can_keep_terms(actor: Actor) -> bool:
    return actor.has(*KEEPS_TERMS)


def can_set_rules(actor: Actor) -> bool:
    return actor.has(*SETS_RULES)
