"""At the door of a link: is it open, send a code, let in. Each in a short transaction of its own, bound to nobody."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from app.accounts import codes
from app.accounts.attempts import Visit
from app.kernel.errors import Gone, NotFound
from app.kernel.ids import new_id
from app.web.cookies import hash_token, new_token
from infrastructure.database.door import at_the_door

RIGHT, CLOSED = "right", "closed"
_OPEN = text("select link_id, is_open from door.open_link(:token, :noted)")
_ASK = text("select door.ask_link_code(:token, :id, :subject, :address, :code_hash)")
_SIGN_IN = text(
    "select door.sign_in_agency(:token, :code, :subject, :code_hashes, :id, :session, :device, :name, :role)"
)
_WAS_CLOSED = text("select door.link_was_closed(:session)")
_WHO = text("select name, capacity from door.who_acts(:session)")


@dataclass(frozen=True, slots=True)
class Professional:
    """Mailboxes are shared, so whoever opens one says who they are."""

    code: str
    name: str
    role: str


def check(token: str, *, noted: bool = False) -> UUID:
    """The link. Raises NotFound for one that never was, Gone for one that is closed."""
    with at_the_door() as door:
        row = door.execute(_OPEN, {"token": hash_token(token), "noted": noted}).first()
    if row is None:
        raise NotFound
    if not row.is_open:
        raise Gone("This link is closed.")
    link_id: UUID = row.link_id
    return link_id


def ask_code(token: str, visit: Visit) -> UUID:
    """To the registered mailbox, whoever asks. After three in an hour nothing more is sent, and nobody is told."""
    values = {"token": hash_token(token), **codes.new_code(codes.AGENCY, visit, check(token))}
    with at_the_door() as door:
        code_id: UUID | None = door.scalar(_ASK, values)
    if code_id is None:
        raise Gone("This link is closed.")
    return code_id


def sign_in(token: str, visit: Visit, asked: UUID | None, professional: Professional) -> tuple[str, str]:
    """The outcome, and the token of a new session that is worth something only when the outcome is right.

    `asked` is the code that this browser asked for, if it did.
    """
    session = new_token()
    values = {
        "token": hash_token(token),
        "code": asked,
        "subject": codes.subject(codes.AGENCY, visit, check(token)),
        "code_hashes": codes.fingerprints(codes.AGENCY, professional.code),
        "id": new_id(),
        "session": hash_token(session),
        "device": visit.device,
        "name": professional.name,
        "role": professional.role,
    }
    with at_the_door() as door:
        outcome = str(door.scalar(_SIGN_IN, values))
    if outcome == CLOSED:
        raise Gone("This link is closed.")
    return outcome, session


def was_closed(session: bytes) -> bool:
    """Whether a session that is over belonged to a link that was closed."""
    with at_the_door() as door:
        return bool(door.scalar(_WAS_CLOSED, {"session": session}))


def who_acts(session: bytes) -> tuple[str, str]:
    """Name and role as they were given at sign-in. Raises Gone for a session that has just ended."""
    with at_the_door() as door:
        row = door.execute(_WHO, {"session": session}).first()
    if row is None:
        raise Gone("This link is closed.")
    return row.name, row.capacity
