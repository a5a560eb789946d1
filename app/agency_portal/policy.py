"""Who may answer a referral: whoever came in through its link, and nobody else."""

from uuid import UUID

from app.kernel.access import Actor, Audience


def can_answer(actor: Actor, share_id: UUID) -> bool:
    return actor.audience is Audience.AGENCY and actor.scope_id == share_id
