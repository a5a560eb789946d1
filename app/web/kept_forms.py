"""What somebody typed while their session ran out: kept at the door, and shown to them when they are back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app, flash, g, request
from psycopg.types.json import Jsonb
from sqlalchemy import text

from app.kernel.errors import NotFound
from app.kernel.ids import new_id
from app.web import csrf
from app.web.cookies import session_token
from infrastructure.database.door import at_the_door

FIELD = "kept_form"
MOST_BYTES, LONGEST_PATH = 200_000, 500
# Secrets are never kept, and what is new with each page is made anew.
NEVER = ("password", "code")
MADE_ANEW = (csrf.FIELD, FIELD)
# What our pages carry along, never an answer of a person.
HIDDEN = ("idempotency_key", "version", "plan_version", "seen")

KEPT = "You were signed out because nothing happened for a while. We kept what you typed: sign in to save it."
NOT_KEPT = "You have been signed out, so nothing was saved. Sign in, then fill in the form again."

_KEEP = text("select door.keep_form(:id, :token, :audience, :slug, :path, :fields)")
_FIND = text("select * from door.find_kept_form(:token, :id)")
_DROP = text("select door.drop_kept_form(:token, :id)")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """`path` is where it was to be sent, on this host; `fields` are its names and values in order."""

    id: UUID
    path: str
    fields: Sequence[tuple[str, str]]
    kept_at: datetime

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Every answer that a person gave, with the name of its field in words."""
        return [
            (name.replace("_", " ").replace("-", " ").capitalize(), value)
            for name, value in self.fields
            if name not in HIDDEN and value.strip()
        ]


def keep() -> UUID | None:
    """This request's form, for the holder of the session that has just run out. None when it cannot be kept.

    Only from a page that was shown while that session lived: whoever finds the cookie afterwards plants nothing.
    """
    token, fields = session_token(), _fields()
    size = sum(len(f"{name}{value}".encode()) for name, value in fields)
    too_large = size > MOST_BYTES or len(request.path) > LONGEST_PATH
    if token is None or not csrf.is_of_session() or not fields or too_large:
        return None
    kept_id = new_id()
    values = {
        "id": kept_id,
        "token": token,
        "audience": current_app.config["AUDIENCE"].value,
        "slug": g.slug,
        "path": request.path,
        "fields": Jsonb(fields),
    }
    with at_the_door() as door:
        return kept_id if door.scalar(_KEEP, values) else None


def keep_and_say() -> UUID | None:
    """Before the way to the sign-in: a page that was only opened needs no word."""
    if request.method != "POST":
        return None
    kept_id = keep()
    flash(KEPT if kept_id else NOT_KEPT, "notice")
    return kept_id


def find(kept_id: UUID) -> KeptForm:
    """Raises NotFound when it is not mine, not of this place, or older than a day."""
    with at_the_door() as door:
        row = door.execute(_FIND, {"token": session_token(), "id": kept_id}).first()
    if row is None:
        raise NotFound
    return KeptForm(row.id, row.path, [(name, value) for name, value in row.fields], row.kept_at)


def drop(kept_id: UUID) -> None:
    with at_the_door() as door:
        door.execute(_DROP, {"token": session_token(), "id": kept_id})


def drop_sent() -> None:
    """After the commit of a form that had been kept: it has arrived."""
    try:
        kept_id = UUID(request.form.get(FIELD, ""))
    except ValueError:
        return
    drop(kept_id)


def _fields() -> list[tuple[str, str]]:
    """As they were typed; only a NUL, which nobody types and PostgreSQL cannot hold, is left out."""
    return [
        (name, value.replace("\0", ""))
        for name, value in request.form.items(multi=True)
        if _may_keep(name) and "\0" not in name
    ]


def _may_keep(name: str) -> bool:
    return name not in MADE_ANEW and not any(word in name.lower() for word in NEVER)
