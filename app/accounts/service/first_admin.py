"""The operator invites the first admin of an organisation. After that its own admins do it."""

from uuid import UUID

from sqlalchemy import text

from app.accounts import addresses, links
from app.accounts.service.people import SENTENCE
from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import new_id
from infrastructure.database.door import at_the_door

_INVITE = text(
    "select door.invite_first_admin(:tenant, :person, :email, :name, :membership, :invitation, :token)"
)


def invite_first_admin(tenant_id: UUID, name: str, email: str) -> None:
    """Needs the worker's login. Raises Conflict where somebody can already let others in."""
    if not addresses.is_address(email):
        raise Invalid("email", SENTENCE)
    invitation = new_id()
    values = {
        "tenant": tenant_id,
        "person": new_id(),
        "email": addresses.plain(email),
        "name": name,
        "membership": new_id(),
        "invitation": invitation,
        "token": links.stored(links.INVITATION, invitation, at=tenant_id),
    }
    with at_the_door() as door:
        if not door.scalar(_INVITE, values):
            raise Conflict("This organisation has an admin already, or is not active.")
