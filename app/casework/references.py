"""Numbers that people say on the phone: LSS-26-0007 is the seventh of 2026 at this school."""

from sqlalchemy import text

from app.kernel.clock import today
from infrastructure.database.door import db

_QUEUE = text(
    "select pg_advisory_xact_lock(hashtextextended(cast(:word as text) || cast(ctx.tenant() as text), 0))"
)


def next_reference(word: str, table: str) -> str:
    """Whoever asks next waits until this one is kept."""
    db.session.execute(_QUEUE, {"word": word})
    begins = f"{word}-{today():%y}-"
    newest = text(f"select max(substr(reference, :after)::int) from {table} where reference like :begins")  # noqa: S608
    number = db.session.scalar(newest, {"after": len(begins) + 1, "begins": f"{begins}%"})
    return f"{begins}{(number or 0) + 1:04d}"
