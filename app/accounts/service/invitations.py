"""Inviting somebody to work here, and what can be done until they answer."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.accounts import attempts, links, policy, queries
from app.accounts.events import PersonInvited
from app.accounts.models import Invitation as InvitationRow
from app.accounts.models import Membership, Standing, in_order
from app.accounts.service import people
from app.kernel.access import Actor, Role, authorise
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.kernel.ids import new_id
from infrastructure.database.door import db
from tenants import context

INVITED = "invited"
OFTEN = "We have sent this person three invitations in the last hour. Wait an hour, then send it again"


@dataclass(frozen=True, slots=True)
class Invitation:
    name: str
    email: str
    roles: Collection[Role]


def invite(actor: Actor, invitation: Invitation) -> Membership:
    """Somebody who has an account elsewhere keeps it: they only accept. At most three mails an hour."""
    authorise(actor, policy.can_keep_staff)
    check_roles(actor, invitation.roles)
    membership = _membership(people.person_called(invitation.name, invitation.email), invitation.roles)
    written = InvitationRow(id=new_id(), person_id=membership.person_id, invited_by=actor.person_id)
    written.token_hash = links.stored(links.INVITATION, written.id, at=context.tenant_id())
    db.session.add(membership)
    db.session.flush()  # the invitation's key leads to the membership, and nothing else says which goes first
    db.session.add(written)
    record(PersonInvited(invitation_id=written.id))
    return membership


def send_again(actor: Actor, membership: Membership, invitation: InvitationRow) -> None:
    """The same link, good for another seven days; a new one if our key was changed since."""
    authorise(actor, policy.can_end, membership)
    if not _may_mail(membership.person_id):
        raise Conflict(f"{OFTEN}.")
    invitation.extend(at=now())
    invitation.token_hash = links.stored(links.INVITATION, invitation.id, at=invitation.tenant_id)
    record(PersonInvited(invitation_id=invitation.id))


def cancel(actor: Actor, membership: Membership, invitation: InvitationRow) -> None:
    authorise(actor, policy.can_end, membership)
    if membership.status != Standing.INVITED:
        raise Conflict("This invitation has already been accepted.")
    invitation.cancel(at=now())
    membership.end()


def check_roles(actor: Actor, roles: Collection[Role]) -> None:
    """Raises Invalid for none, and for one that this kind of organisation does not have."""
    if not roles or not policy.ROLES[actor.audience].issuperset(roles):
        raise Invalid("roles", "Select at least one role")


def _may_mail(person_id: UUID) -> bool:
    return attempts.may_mail_here(INVITED, context.tenant_id(), person_id)


def _membership(person_id: UUID, roles: Collection[Role]) -> Membership:
    known = queries.find_membership_of(person_id)
    if known is not None and known.status == Standing.ACTIVE:
        raise Invalid("email", "This person already works here. You can change their roles on the staff page")
    if known is not None and known.status == Standing.INVITED:
        raise Invalid("email", "This person is already invited. You can send it again from the staff page")
    if not _may_mail(person_id):
        raise Invalid("email", OFTEN)
    if known is None:
        return Membership(id=new_id(), person_id=person_id, roles=in_order(roles), status=Standing.INVITED)
    known.begin_again(roles)
    return known
