"""Answering an invitation: a newcomer chooses a password, somebody known proves who they are with theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from app.accounts import attempts, links, passwords
from app.accounts.attempts import Visit
from app.accounts.service import sign_in
from app.accounts.service.resets import NewPassword
from app.kernel.access import ROLE_NAMES, Role
from app.kernel.errors import Gone, Invalid, NotFound
from infrastructure.database.door import at_the_door

_FIND = text("select * from door.find_invitation(:slug, :token)")
_ACCEPT = text("select door.accept_invitation(:slug, :invitation, :token, :hash, :id, :half, :secret)")
CLOSED = "This invitation has been answered, has run out or was cancelled."


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    id: UUID
    name: str
    email: str
    roles: Sequence[str]
    password_hash: str | None

    @property
    def role_names(self) -> list[str]:
        return [ROLE_NAMES[Role(role)] for role in self.roles]

    @property
    def is_known(self) -> bool:
        """They have an account already, at another organisation or from an earlier time."""
        return self.password_hash is not None


def find(visit: Visit, token: bytes) -> OpenInvitation:
    """Opening a link uses nothing up. Raises NotFound, or Gone for one that is closed.

    A link that we did not make is not found, whatever a row says: the rows are written by admins.
    """
    with at_the_door() as door:
        row = door.execute(_FIND, {"slug": visit.slug, "token": token}).first()
    if row is None or not _is_ours(row):
        raise NotFound
    if not row.is_open:
        raise Gone(CLOSED)
    return OpenInvitation(row.invitation_id, row.person_name, row.email, row.roles, row.password_hash)


def accept(visit: Visit, token: bytes, half: bytes, invitation: OpenInvitation, given: NewPassword) -> None:
    """Ends in a half session: the second factor comes next, new or known."""
    if invitation.is_known:
        _prove(visit, invitation, given)
        chosen = None
    else:
        passwords.check(given.password, name=invitation.name, email=invitation.email)
        chosen = passwords.hash_of(given.password)
    with at_the_door() as door:
        values = {"slug": visit.slug, "invitation": invitation.id, "token": token, "hash": chosen}
        if not door.scalar(_ACCEPT, values | sign_in.new_half(half)):
            raise Gone(CLOSED)


def _is_ours(row: Row[Any]) -> bool:
    return links.is_ours(links.INVITATION, row.invitation_id, bytes(row.token_hash), at=row.tenant_id)


def _prove(visit: Visit, invitation: OpenInvitation, given: NewPassword) -> None:
    attempts.count(sign_in.PASSWORD, invitation.email, visit, everywhere=attempts.OF_ACCOUNT_EVERYWHERE)
    if not passwords.is_right(invitation.password_hash, given.password):
        raise Invalid(
            "password", "That is not the password of your account. Try again, or choose a new one by mail"
        )
    attempts.forgive(sign_in.PASSWORD, invitation.email, visit)
