"""Who may ever do what with a plan. Which pupils they see is PostgreSQL's business."""

from app.kernel.access import Actor, Role

READERS = (Role.SENDCO, Role.HEADTEACHER, Role.DSL, Role.CLASS_TEACHER, Role.TEACHING_ASSISTANT)
DRAFTERS = (Role.SENDCO, Role.CLASS_TEACHER)


def can_draft(actor: Actor) -> bool:
    """A class teacher drafts for the own classes; row security keeps the others away."""
    return actor.has(*DRAFTERS)


def can_share(actor: Actor) -> bool:
    return actor.has(Role.SENDCO)


def can_end(actor: Actor) -> bool:
    """To end a plan that the family has seen, or to discard a draft that it has not."""
    return actor.has(Role.SENDCO)


def can_answer(actor: Actor) -> bool:
    """The family for itself, or the SENDCO who writes down what the family said."""
    return actor.has(Role.SENDCO) or (actor.has(Role.GUARDIAN) and actor.scope_id is not None)


def can_see_cost(actor: Actor) -> bool:
    return actor.has(Role.SENDCO, Role.HEADTEACHER)
