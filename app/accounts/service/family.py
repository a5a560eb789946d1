"""Families sign in with a code by mail. A stranger sees the same pages and gets no mail."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from app.accounts import addresses, attempts, codes
from app.accounts.attempts import Visit
from app.accounts.service.sign_in import TypedCode
from app.kernel.ids import new_id
from infrastructure.database.door import at_the_door

CODE_ASKED = "code asked"
CODE_TRIED = "code tried"
_SIGN_IN = text("select door.sign_in_family(:code, :code_hashes, :session, :token, :device)")


class CodeRefused(Exception):
    """Wrong, tried too often, or over; in the words of app.accounts.codes."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Mailbox:
    email: str


def ask_code(visit: Visit, given: Mailbox) -> codes.Asked:
    attempts.count_network(CODE_ASKED, visit)
    return codes.ask(codes.FAMILY, visit, email=addresses.plain(given.email))


def sign_in(visit: Visit, code_id: UUID, token: bytes, given: TypedCode) -> None:
    """Raises CodeRefused, or TooManyTries for a network that guesses."""
    attempts.count_network(CODE_TRIED, visit)
    values = {
        "code": code_id,
        "code_hashes": codes.fingerprints(codes.FAMILY, given.code),
        "session": new_id(),
        "token": token,
        "device": visit.device,
    }
    with at_the_door() as door:
        outcome = str(door.scalar(_SIGN_IN, values))
    if outcome != "right":
        raise CodeRefused(outcome)
    for what in (CODE_ASKED, CODE_TRIED):
        attempts.forgive_network(what, visit)
