"""Who may ever do what at a panel. Whether an item is there for somebody at all is PostgreSQL's business."""

from app.kernel.access import Actor, Role

PANEL = (Role.CLERK, Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER)
VOTERS = (Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER)
PRESIDERS = (Role.CHAIR, Role.VICE_CHAIR)


def can_read(actor: Actor) -> bool:
    return actor.has(*PANEL)


def can_keep_agenda(actor: Actor) -> bool:
    return actor.has(Role.CLERK)


def can_vote(actor: Actor) -> bool:
    return actor.has(*VOTERS)


def can_defer(actor: Actor) -> bool:
    return actor.has(Role.CLERK, *PRESIDERS)


def can_decide(actor: Actor) -> bool:
    """The chair, or the vice-chair where the chair is away or has a conflict: which, the item's standing says."""
    return actor.has(*PRESIDERS)


def can_enter_conflict(actor: Actor, *, for_another: bool) -> bool:
    """Everybody their own; the clerk also what a member has said at the table."""
    return actor.has(Role.CLERK) if for_another else actor.has(*PANEL)
