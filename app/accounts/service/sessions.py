"""Where I am signed in, and ending it: at the door, for the session itself proves whose it is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from infrastructure.database.door import at_the_door

_LIST = text("select * from door.list_sessions(:token, :audience, :slug)")
_END = text("select door.end_sessions(:token, :audience, :slug, :id)")
_DROP_KEPT = text("select door.drop_kept_forms(:token)")
_SIGN_OUT = text("select door.end_session(:token)")


@dataclass(frozen=True, slots=True)
class MySession:
    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Held:
    """The session that asks, and at which host it came in."""

    token: bytes
    audience: str
    slug: str | None

    def values(self) -> dict[str, object]:
        return {"token": self.token, "audience": self.audience, "slug": self.slug}


def list_mine(held: Held) -> list[MySession]:
    """This one first, then the last used. Only those at this organisation."""
    with at_the_door() as door:
        return [MySession(*row) for row in door.execute(_LIST, held.values())]


def end_others(held: Held, session_id: UUID | None = None) -> int:
    """One of my other sessions here, or all of them. Returns how many ended."""
    with at_the_door() as door:
        if session_id is None:
            door.execute(_DROP_KEPT, {"token": held.token})
        return int(str(door.scalar(_END, {**held.values(), "id": session_id})))


def sign_out(token: bytes) -> None:
    with at_the_door() as door:
        door.execute(_SIGN_OUT, {"token": token})
