"""Six digits by mail, for families and for agencies: asked for and used at the door."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from app.accounts.attempts import Visit
from app.kernel import seals
from app.kernel.ids import new_id
from infrastructure.database.door import at_the_door

FAMILY = "family"
AGENCY = "agency"
SENTENCES = {
    "wrong": "That code is not right. Check the newest mail from us and enter the code again",
    "spent": "There were too many wrong tries. Ask for a new code",
    "over": "This code no longer works. Ask for a new code",
}
STATUS = {"wrong": 422, "spent": 429, "over": 422}

_ASK = text("select * from door.ask_code(:id, :purpose, :subject, :address, :email, :link, :code_hash)")
_USE = text("select * from door.use_code(:purpose, :id, :code_hashes)")


@dataclass(frozen=True, slots=True)
class Asked:
    """The same for a stranger as for somebody we know. Not mailed: there were enough mails in the last hour."""

    code_id: UUID
    is_mailed: bool


@dataclass(frozen=True, slots=True)
class Used:
    """`outcome` is right, wrong, spent or over. Only when it is right is there more."""

    outcome: str
    person_id: UUID | None
    tenant_id: UUID | None
    link_id: UUID | None


def ask(purpose: str, visit: Visit, *, email: str) -> Asked:
    """Have a code mailed. Commits by itself; nudge the relay afterwards."""
    values = {"purpose": purpose, "email": email, "link": None, **new_code(purpose, visit, email)}
    with at_the_door() as door:
        return Asked(*door.execute(_ASK, values).one())


def new_code(purpose: str, visit: Visit, address: object) -> dict[str, object]:
    """What the door keeps of a code. Counted for the address, and for the network that asks for it."""
    code_id = new_id()
    return {
        "id": code_id,
        "subject": subject(purpose, visit, address),
        "address": seals.fingerprint(f"{purpose}:{address}"),
        "code_hash": seals.fingerprint(_of(purpose, seals.code(purpose, code_id))),
    }


def subject(purpose: str, visit: Visit, address: object) -> bytes:
    """An address and a network: whoever asks from elsewhere has codes and tries of their own."""
    return seals.fingerprint(f"{purpose}:{address}:{visit.network}")


def use(purpose: str, code_id: UUID, typed: str) -> Used:
    """Count a try and use the code up when it is right. Commits by itself."""
    with at_the_door() as door:
        values = {"purpose": purpose, "id": code_id, "code_hashes": fingerprints(purpose, typed)}
        return Used(*door.execute(_USE, values).one())


def fingerprints(purpose: str, typed: str) -> list[bytes]:
    """Of the digits alone, however they are spaced. A code of one purpose is never a code of another."""
    return seals.fingerprints(_of(purpose, digits(typed)))


def digits(typed: str) -> str:
    return re.sub(r"[\s\-–.]", "", typed)


def _of(purpose: str, code: str) -> str:
    return f"{purpose}:{code}"
