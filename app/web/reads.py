"""Who looked: a page that shows a child's record says so, and is not shown unless it could be written down."""

from dataclasses import dataclass
from uuid import UUID

from flask import g
from sqlalchemy import text

from app.kernel.access import Actor, Audience
from app.kernel.ids import new_id
from app.web.access import may_be_current_actor
from app.web.cookies import session_token
from infrastructure.database import binding as bindings
from infrastructure.database import door
from infrastructure.database.door import db
from tenants import context

_LOG = text("select ctx.log_read(:id, :what, :role, :pupil, :share, :safeguarding)")


@dataclass(frozen=True, slots=True)
class Read:
    """What was on the page: a word for the family ("plan", "documents"), of which child or share."""

    what: str
    pupil_id: UUID | None = None
    share_id: UUID | None = None
    safeguarding: bool = False


def note_read(
    what: str, *, pupil_id: UUID | None = None, share_id: UUID | None = None, safeguarding: bool = False
) -> None:
    """Call from a view that shows a child's record. A parent's own reading is not noted."""
    g.setdefault("reads", []).append(Read(what, pupil_id, share_id, safeguarding))


def write_noted() -> None:
    """In a short transaction of its own after the page's read-only one. Any failure means no page."""
    actor = may_be_current_actor()
    if actor is None or actor.audience is Audience.FAMILY or not g.get("reads"):
        return
    slug, token = g.slug, session_token()
    door.close()
    assert token is not None
    binding = context.of_session(token, actor.audience, slug)
    bindings.assume(binding)
    door.begin(binding)
    for read in g.reads:
        db.session.execute(_LOG, _row(actor, read))
    db.session.commit()


def _row(actor: Actor, read: Read) -> dict[str, object]:
    return {
        "id": new_id(),
        "what": read.what,
        "role": actor.capacity,
        "pupil": read.pupil_id,
        "share": read.share_id,
        "safeguarding": read.safeguarding,
    }
