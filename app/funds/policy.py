"""Who may ever do what with the locality's money."""

from app.kernel.access import Actor, Role

READERS = (Role.FINANCE, Role.CLERK, Role.CHAIR, Role.VICE_CHAIR, Role.AREA_SEND_LEAD)


def can_read(actor: Actor) -> bool:
    return actor.has(*READERS)


def can_keep(actor: Actor) -> bool:
    """Open a fund, top it up, correct an entry. Awards come from the panel's decisions alone."""
    return actor.has(Role.FINANCE)
