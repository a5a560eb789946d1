"""Who may ever ask, write down an answer, take it back or stop sharing. The database says so again."""

from app.kernel.access import Actor, Audience, Role


def can_ask(actor: Actor) -> bool:
    return actor.has(Role.SENDCO)


def can_record(actor: Actor) -> bool:
    """Write down what an adult answered on paper, by phone or in a meeting."""
    return actor.has(Role.SENDCO)


def can_answer(actor: Actor, *, responsible: bool) -> bool:
    """Only for a child of their own, and only with parental responsibility."""
    return actor.has(Role.GUARDIAN) and actor.scope_id is not None and responsible


def can_withdraw(actor: Actor) -> bool:
    """As easy as giving: the adult who said yes, or whoever at the school they tell."""
    return can_stop(actor) or (actor.audience is Audience.FAMILY and actor.scope_id is not None)


def can_send(actor: Actor) -> bool:
    return actor.has(Role.SENDCO, Role.HEADTEACHER)


def can_stop(actor: Actor) -> bool:
    return actor.has(Role.SENDCO, Role.HEADTEACHER, Role.DSL)
