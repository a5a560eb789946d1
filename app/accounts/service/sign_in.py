"""Staff sign in for one organisation: a password, then the second factor, then a new session."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import TextClause, text

from app.accounts import addresses, attempts, passwords, second_factor
from app.accounts.attempts import Visit
from app.kernel import seals
from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from infrastructure.database.door import at_the_door

PASSWORD = "password"  # noqa: S105 - what is counted
SECOND_STEP = "second step"
WRONG_PASSWORD = "Enter the e-mail address and the password that you use here. One of them is not right"  # noqa: S105
WRONG_CODE = "That code is not right. Enter the 6 numbers that your app shows now"
USED_CODE = "That code has been used. Wait until your app shows the next one, then enter that"
WRONG_RECOVERY_CODE = "That recovery code is not right, or it has been used. Try another one"

_FIND = text("select * from door.find_sign_in(:slug, :email)")
_BEGIN = text("select door.begin_second_step(:slug, :person, :id, :half, :secret)")
_STEP = text("select * from door.find_second_step(:slug, :half)")
_SIGN_IN = text("select door.sign_in(:slug, :half, :step, :locked, :session, :token, :device)")
_RECOVER = text("select door.sign_in_with_recovery_code(:slug, :half, :codes, :session, :token, :device)")
_SET_UP = text("select door.set_second_factor(:slug, :half, :step, :codes, :session, :token, :device)")


@dataclass(frozen=True, slots=True)
class Credentials:
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class TypedCode:
    code: str


@dataclass(frozen=True, slots=True)
class SecondStep:
    """Somebody whose password was right. Either they have a second factor, or `secret` is the new one to set up."""

    person_id: UUID
    name: str
    email: str
    organisation: str
    secret: str
    is_new: bool
    last_step: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Hashes of what the browser holds: the half it came with and the session it will get."""

    half: bytes
    session: bytes


def begin(visit: Visit, half: bytes, given: Credentials) -> None:
    """The password. Strangers, leavers and wrong passwords get the same answer after the same work."""
    person_id = check_password(visit, addresses.plain(given.email), given.password)
    keep_half(visit, person_id, half)


def check_password(visit: Visit, email: str, password: str) -> UUID:
    """Raises Invalid or TooManyTries."""
    attempts.count(PASSWORD, email, visit, everywhere=attempts.OF_ACCOUNT_EVERYWHERE)
    with at_the_door() as door:
        found = door.execute(_FIND, {"slug": visit.slug, "email": email}).first()
    if not passwords.is_right(found.password_hash if found else None, password) or found is None:
        raise Invalid("password", WRONG_PASSWORD)
    attempts.forgive(PASSWORD, email, visit)
    return UUID(str(found.person_id))


def keep_half(visit: Visit, person_id: UUID, half: bytes) -> None:
    with at_the_door() as door:
        door.execute(_BEGIN, {"slug": visit.slug, "person": person_id, **new_half(half)})


def new_half(half: bytes) -> dict[str, object]:
    """A half session, with a new secret in case there is no second factor yet."""
    return {"id": new_id(), "half": half, "secret": seals.lock(second_factor.new_secret())}


def find_second_step(visit: Visit, half: bytes) -> SecondStep | None:
    """None when it is used, ten minutes old, of another organisation, or the person may no longer sign in."""
    with at_the_door() as door:
        row = door.execute(_STEP, {"slug": visit.slug, "half": half}).first()
    if row is None:
        return None
    return SecondStep(
        person_id=row.person_id,
        name=row.person_name,
        email=row.email,
        organisation=row.organisation,
        secret=seals.unlock(row.new_secret or row.totp_secret),
        is_new=row.new_secret is not None,
        last_step=row.last_step,
    )


def finish(visit: Visit, tokens: Tokens, step: SecondStep, given: TypedCode) -> None:
    """Raises Invalid for a wrong code, and for one that has been used."""
    matching = _matching(visit, step, given)
    if not _at_the_door(_SIGN_IN, visit, tokens, step=matching, locked=seals.lock(step.secret)):
        raise Invalid("code", USED_CODE)
    attempts.forgive(SECOND_STEP, str(step.person_id), visit)


def set_up(
    visit: Visit, tokens: Tokens, step: SecondStep, recovery_codes: list[str], given: TypedCode
) -> None:
    """Confirm the new second factor with its first code. Only hashes of the recovery codes are kept."""
    matching = _matching(visit, step, given)
    hashes = [second_factor.recovery_hash(code) for code in recovery_codes]
    if not _at_the_door(_SET_UP, visit, tokens, step=matching, codes=hashes):
        raise Invalid("code", USED_CODE)
    attempts.forgive(SECOND_STEP, str(step.person_id), visit)


def finish_with_recovery_code(visit: Visit, tokens: Tokens, step: SecondStep, given: TypedCode) -> int:
    """Returns how many recovery codes are left."""
    attempts.count(SECOND_STEP, str(step.person_id), visit)
    left = _at_the_door(_RECOVER, visit, tokens, codes=second_factor.recovery_hashes(given.code))
    if left is None:
        raise Invalid("code", WRONG_RECOVERY_CODE)
    attempts.forgive(SECOND_STEP, str(step.person_id), visit)
    return int(str(left))


def _matching(visit: Visit, step: SecondStep, given: TypedCode) -> int:
    attempts.count(SECOND_STEP, str(step.person_id), visit)
    matching = second_factor.matching_step(step.secret, given.code)
    if matching is None:
        raise Invalid("code", WRONG_CODE)
    return matching


def _at_the_door(statement: TextClause, visit: Visit, tokens: Tokens, **more: object) -> object:
    values = {"slug": visit.slug, "half": tokens.half, "session": new_id(), "token": tokens.session}
    with at_the_door() as door:
        return door.scalar(statement, {**values, "device": visit.device, **more})
