"""Who may ever do what with a review. Which pupils is PostgreSQL's business."""

from app.kernel.access import Actor, Role

READERS = (Role.SENDCO, Role.HEADTEACHER, Role.DSL, Role.CLASS_TEACHER)


def can_review(actor: Actor) -> bool:
    return actor.has(Role.SENDCO)
