"""Who may ever do what with a restricted note."""

from app.kernel.access import Actor, Role


def can_write(actor: Actor) -> bool:
    """Everybody who works with children at the school; a school admin keeps staff, not content."""
    return bool(actor.roles - {Role.SCHOOL_ADMIN})


def can_read(actor: Actor) -> bool:
    return actor.has(Role.DSL)
