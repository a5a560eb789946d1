"""Keeping the staff: roles, leaving, and the lost phone."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm.attributes import set_committed_value

from app.accounts import policy, queries
from app.accounts.events import SecondFactorReset
from app.accounts.models import Membership, SecondFactorResetRow, Standing
from app.accounts.service.invitations import check_roles
from app.kernel.access import Actor, Role, authorise
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from infrastructure.database.door import db

LAST_ADMIN = "Somebody must be able to let others in. Give this role to another person first"


@dataclass(frozen=True, slots=True)
class NewRoles:
    roles: Collection[Role]
    version: int


def change_roles(actor: Actor, membership: Membership, change: NewRoles) -> None:
    """In force with the next page that they open. Nobody changes their own."""
    authorise(actor, policy.can_change, membership)
    check_roles(actor, change.roles)
    admin = policy.ADMIN[actor.audience]
    if admin not in change.roles and queries.is_last_admin(membership, admin):
        raise Invalid("roles", LAST_ADMIN)
    set_committed_value(membership, "version", change.version)
    membership.take_roles(change.roles)


def end_membership(actor: Actor, membership: Membership) -> None:
    """Their sessions here end in the same transaction, and an unanswered invitation with it."""
    authorise(actor, policy.can_end, membership)
    if queries.is_last_admin(membership, policy.ADMIN[actor.audience]):
        raise Conflict(f"{LAST_ADMIN}.")
    waiting = queries.find_open_invitation(membership.id)
    if waiting is not None:
        waiting.cancel(at=now())
    membership.end()


def reset_second_factor(actor: Actor, membership: Membership) -> None:
    """For a lost phone: their sessions end, they are told, and the next sign-in sets a new one up."""
    authorise(actor, policy.can_change, membership)
    if membership.status != Standing.ACTIVE:
        raise Conflict("This person does not work here now.")
    db.session.add(SecondFactorResetRow(person_id=membership.person_id, reset_by=actor.person_id))
    record(SecondFactorReset(person_id=membership.person_id))
