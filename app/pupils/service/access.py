"""Stopping and giving back a guardian's access: the headteacher and the safeguarding lead, never one alone."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.kernel.access import Actor, Role, authorise
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.kernel.ids import new_id
from app.pupils import policy
from app.pupils.events import AccessChanged
from app.pupils.models import Access, AccessChange, Guardianship
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class Proposal:
    to_status: str
    reason: str


def propose(actor: Actor, link: Guardianship, proposal: Proposal) -> None:
    """Less access acts at once, in the database; more waits for the other lead. Both are confirmed by the other."""
    authorise(actor, policy.can_change_access)
    wanted = Access(proposal.to_status)
    if wanted is link.status or (wanted is Access.ACTIVE and link.status is Access.PENDING):
        raise Invalid("to_status", "Their access is like that already. Choose what should change")
    if _is_waiting(link.id, wanted):
        raise Conflict("This has been proposed already and waits for the other lead.")
    change = AccessChange(
        id=new_id(),
        guardianship_id=link.id,
        pupil_id=link.pupil_id,
        to_status=wanted,
        reason=proposal.reason,
        proposed_by=actor.person_id,
        proposed_role=_lead_roles(actor)[0].value,
    )
    db.session.add(change)
    record(AccessChanged(access_change_id=change.id, pupil_id=link.pupil_id))


def confirm(actor: Actor, change: AccessChange) -> None:
    """Raises Conflict for the one who proposed it, or for another with the same role."""
    authorise(actor, policy.can_change_access)
    roles = _lead_roles(actor)
    other = next((role for role in roles if role.value != change.proposed_role), roles[0])
    change.confirm(by=actor.person_id, role=other.value, at=now())
    record(AccessChanged(access_change_id=change.id, pupil_id=change.pupil_id))


def take_back(actor: Actor, change: AccessChange) -> None:
    """A proposal to open access ends without effect. A bar is never taken back by one person."""
    authorise(actor, policy.can_change_access)
    change.withdraw(at=now())
    record(AccessChanged(access_change_id=change.id, pupil_id=change.pupil_id))


def _lead_roles(actor: Actor) -> list[Role]:
    return [role for role in policy.LEADS if actor.has(role)]


def _is_waiting(link_id: UUID, wanted: Access) -> bool:
    change = AccessChange
    return (
        db.session.scalar(
            select(change.id).where(
                change.guardianship_id == link_id,
                change.to_status == wanted,
                change.confirmed_at.is_(None),
                change.withdrawn_at.is_(None),
            )
        )
        is not None
    )
