"""Who may ever write down and read what children and families say. Which pupils is PostgreSQL's business."""

from app.kernel.access import Actor, Role

READERS = (Role.SENDCO, Role.HEADTEACHER, Role.DSL, Role.CLASS_TEACHER)
WRITERS = (Role.SENDCO, Role.CLASS_TEACHER)


def can_write_down(actor: Actor) -> bool:
    return actor.has(*WRITERS)


def can_give(actor: Actor) -> bool:
    """A family for its own child, or staff who write down what the family said."""
    return actor.has(*WRITERS) or (actor.has(Role.GUARDIAN) and actor.scope_id is not None)
