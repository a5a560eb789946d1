"""Who may ever do what with pupils, their contacts and the family portal."""

from app.kernel.access import Actor, Role

LEADS = (Role.HEADTEACHER, Role.DSL)
KEEPS_ROLL = (Role.SENDCO, Role.SCHOOL_ADMIN)
SEES_CONTACTS = (Role.SENDCO, Role.HEADTEACHER, Role.DSL, Role.SCHOOL_ADMIN)
CONFIRMS_GUARDIANS = (Role.SENDCO, Role.HEADTEACHER, Role.DSL)


def can_keep_roll(actor: Actor) -> bool:
    return actor.has(*KEEPS_ROLL)


def can_see_contacts(actor: Actor) -> bool:
    return actor.has(*SEES_CONTACTS)


def can_see_upn(actor: Actor) -> bool:
    """UPNs are for the roll and the census; nobody who teaches needs one."""
    return actor.has(Role.SCHOOL_ADMIN)


can_import = can_see_upn
can_change_contact = can_see_contacts


def can_overrule(actor: Actor) -> bool:
    """Change whether somebody who has said no has a say: for a lead, and never for whoever asks the family."""
    return actor.has(*LEADS) and not actor.has(Role.SENDCO)


def can_confirm_guardian(actor: Actor) -> bool:
    """A school admin keeps the details; somebody who knows the family says who may see the record."""
    return actor.has(*CONFIRMS_GUARDIANS)


def can_change_responsibility(actor: Actor, *, uses_portal: bool) -> bool:
    """Of somebody who uses the portal, only those who check people may change what was checked."""
    return can_change_contact(actor) and (not uses_portal or can_confirm_guardian(actor))


def can_change_access(actor: Actor) -> bool:
    return actor.has(*LEADS)
