"""Changing one's own password while signed in: the current one first, for a screen may have been left open."""

from dataclasses import dataclass

from sqlalchemy import text

from app.accounts import attempts, passwords
from app.accounts.attempts import Visit
from app.accounts.service import sign_in
from app.accounts.service.sessions import Held
from app.kernel.errors import Conflict, Invalid
from infrastructure.database.door import at_the_door

WRONG_CURRENT = "That is not your current password. Try again, or choose a new one by mail"
SAME = "Your new password must be different from your current one"
MOVED_ON = "Your password was changed while you were on this page. Sign in with the new one."

_FIND = text("select * from door.find_password(:token, :audience, :slug)")
_CHANGE = text("select door.change_password(:token, :audience, :slug, :old_hash, :new_hash)")


@dataclass(frozen=True, slots=True)
class PasswordChange:
    current_password: str
    password: str


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whose password it is, as the rules for a new one need to know."""

    name: str
    email: str
    password_hash: str


def get_keeper(held: Held) -> Keeper:
    """Raises Conflict for a session that has just ended."""
    with at_the_door() as door:
        row = door.execute(_FIND, held.values()).first()
    if row is None:
        raise Conflict(MOVED_ON)
    return Keeper(row.person_name, row.email, row.password_hash)


def change(held: Held, visit: Visit, keeper: Keeper, given: PasswordChange) -> None:
    """Every other session of this person ends, at every organisation, and they are told by mail."""
    _prove(visit, keeper, given.current_password)
    if given.password == given.current_password:
        raise Invalid("password", SAME)
    passwords.check(given.password, name=keeper.name, email=keeper.email)
    hashes = {"old_hash": keeper.password_hash, "new_hash": passwords.hash_of(given.password)}
    with at_the_door() as door:
        if not door.scalar(_CHANGE, {**held.values(), **hashes}):
            raise Conflict(MOVED_ON)


def _prove(visit: Visit, keeper: Keeper, current: str) -> None:
    """A try like one at the sign-in page, and counted with those."""
    attempts.count(sign_in.PASSWORD, keeper.email, visit, everywhere=attempts.OF_ACCOUNT_EVERYWHERE)
    if not passwords.is_right(keeper.password_hash, current):
        raise Invalid("current_password", WRONG_CURRENT)
    attempts.forgive(sign_in.PASSWORD, keeper.email, visit)
