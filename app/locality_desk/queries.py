"""What waits for whom, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.panels.words import STATUSES
from infrastructure.database.door import db

# Each part is empty for those who may not see its rows: PostgreSQL answers by role.
_DESK = text("""
    select
        (select count(*) from panel_item i where i.tenant_id = ctx.tenant() and i.status in ('waiting', 'deferred')) as waiting,
        (select json_build_object('id', m.id, 'title', m.title, 'held_at', m.held_at, 'place', m.place, 'status', m.status,
                'hidden', ctx.hidden_items(m.id))
            from meeting m where m.tenant_id = ctx.tenant() and m.status in ('planned', 'pack_sent')
            order by m.held_at, m.id limit 1) as meeting,
        (select count(*) from panel_item i join meeting m on m.tenant_id = i.tenant_id and m.id = i.meeting_id
            where i.tenant_id = ctx.tenant() and i.status = 'on_agenda' and m.status = 'pack_sent'
                and not exists (select from vote v where v.tenant_id = i.tenant_id and v.item_id = i.id
                    and v.person_id = ctx.person())) as votes_missing,
        (select json_agg(t) from ctx.panel_totals() t) as totals""")


@dataclass(frozen=True, slots=True)
class NextMeeting:
    id: UUID
    title: str
    held_at: datetime
    place: str
    status: str
    hidden: int


@dataclass(frozen=True, slots=True)
class Total:
    """How many requests have a status, and their money. None: fewer than five, so the number is not shown."""

    status: str
    items: int | None
    asked_pence: int | None
    awarded_pence: int | None

    @property
    def said(self) -> str:
        return STATUSES[self.status][0]


@dataclass(frozen=True, slots=True)
class Desk:
    waiting: int
    meeting: NextMeeting | None
    votes_missing: int
    totals: tuple[Total, ...]


def get_desk() -> Desk:
    row = db.session.execute(_DESK).one()
    totals = tuple(Total(**total) for total in row.totals or ())
    return Desk(row.waiting, _meeting(row.meeting), row.votes_missing, totals)


def _meeting(found: Mapping[str, Any] | None) -> NextMeeting | None:
    if found is None:
        return None
    return NextMeeting(
        **{**found, "id": UUID(found["id"]), "held_at": datetime.fromisoformat(found["held_at"])}
    )
