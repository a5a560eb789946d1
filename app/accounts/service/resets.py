"""A forgotten password: a link by mail, good for half an hour and for one new password."""

from dataclasses import dataclass

from sqlalchemy import text

from app.accounts import addresses, attempts, links, passwords
from app.accounts.attempts import Visit
from app.accounts.service.family import Mailbox
from app.kernel.errors import Gone, NotFound
from app.kernel.ids import new_id
from infrastructure.database.door import at_the_door

RESET_ASKED = "reset asked"
_ASK = text("select door.ask_reset(:slug, :email, :id, :token)")
_FIND = text("select * from door.find_reset(:slug, :token)")
_USE = text("select door.use_reset(:slug, :token, :hash)")


@dataclass(frozen=True, slots=True)
class NewPassword:
    password: str


@dataclass(frozen=True, slots=True)
class OpenReset:
    name: str
    email: str


def ask(visit: Visit, given: Mailbox) -> None:
    """Say nothing about whether anybody has this address here. At most three mails an hour."""
    email = addresses.plain(given.email)
    attempts.count_network(RESET_ASKED, visit)
    if not attempts.may_mail(RESET_ASKED, f"{visit.slug}:{email}", visit):
        return
    reset_id = new_id()
    with at_the_door() as door:
        token = links.stored(links.RESET, reset_id)
        door.execute(_ASK, {"slug": visit.slug, "email": email, "id": reset_id, "token": token})


def find(visit: Visit, token: bytes) -> OpenReset:
    """Opening a link uses nothing up. Raises NotFound, or Gone for one that is closed."""
    with at_the_door() as door:
        row = door.execute(_FIND, {"slug": visit.slug, "token": token}).first()
    if row is None:
        raise NotFound
    if not row.is_open:
        raise Gone("This link has been used or has run out.")
    return OpenReset(row.person_name, row.email)


def use(visit: Visit, token: bytes, asked: OpenReset, given: NewPassword) -> None:
    """Set the new password and end every session of this person."""
    passwords.check(given.password, name=asked.name, email=asked.email)
    with at_the_door() as door:
        values = {"slug": visit.slug, "token": token, "hash": passwords.hash_of(given.password)}
        if not door.scalar(_USE, values):
            raise Gone("This link has been used or has run out.")
