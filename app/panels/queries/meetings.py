"""Meetings and their agendas, as the reader may see them: an item that a conflict closes is only counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from app.kernel.errors import NotFound
from app.panels.models import Attendance, ItemStatus, Meeting, PanelItem
from app.panels.words import KINDS, MEETING_STATUSES, OUTCOMES, STATUSES
from infrastructure.database.door import db

MEETING = ("id", "title", "held_at", "place", "status", "quorum", "version", "hidden")

_MEETINGS = text("""
    select m.id, m.title, m.held_at, m.place, m.status,
        (select count(*) from panel_item i where i.tenant_id = m.tenant_id and i.meeting_id = m.id) as items,
        ctx.hidden_items(m.id) as hidden
    from meeting m order by m.held_at desc, m.id limit 200""")
_ITEM = """json_build_object('id', i.id, 'reference', i.reference, 'kind', i.kind, 'amount_pence', i.amount_pence,
    'status', i.status, 'received_at', i.received_at, 'school', t.name"""
_MEETING = text(f"""
    select m.id, m.title, m.held_at, m.place, m.status, m.quorum, m.version, ctx.hidden_items(m.id) as hidden,
        (select json_agg({_ITEM}, 'outcome', d.outcome, 'present', s.present, 'voted', v.id is not null)
            order by i.position, i.id)
            from panel_item i join tenant t on t.id = i.home_tenant_id
            left join lateral ctx.item_standing(i.id) s on true
            left join decision d on d.tenant_id = i.tenant_id and d.item_id = i.id
            left join vote v on v.tenant_id = i.tenant_id and v.item_id = i.id and v.person_id = ctx.person()
            where i.tenant_id = m.tenant_id and i.meeting_id = m.id) as agenda,
        (select json_agg({_ITEM}) order by i.received_at, i.id)
            from panel_item i join tenant t on t.id = i.home_tenant_id
            where i.tenant_id = m.tenant_id and i.status in ('waiting', 'deferred') and :clerk) as waiting,
        (select json_agg(json_build_object('id', p.id, 'name', p.name, 'roles', b.roles, 'present', a.id is not null)
            order by p.name, p.id)
            from membership b join person p on p.id = b.person_id
            left join attendance a on a.tenant_id = b.tenant_id and a.meeting_id = m.id and a.person_id = b.person_id
            where b.tenant_id = m.tenant_id and b.status = 'active'
                and b.roles && '{{chair,vice_chair,member}}') as members
    from meeting m where m.id = :meeting""")  # noqa: S608 - no part of it comes from outside


@dataclass(frozen=True, slots=True)
class MeetingRow:
    id: UUID
    title: str
    held_at: datetime
    place: str
    status: str
    items: int
    hidden: int

    @property
    def tag(self) -> tuple[str, str]:
        return MEETING_STATUSES[self.status]


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A line of an agenda: no names, no needs."""

    id: UUID
    reference: str
    school: str
    kind: str
    amount_pence: int | None
    status: str
    received_at: datetime
    outcome: str | None = None
    present: int | None = None
    voted: bool = False

    @property
    def asks_for(self) -> str:
        return KINDS.get(self.kind, "Help")

    @property
    def tag(self) -> tuple[str, str]:
        words, colour = STATUSES[self.status]
        return (OUTCOMES[self.outcome], colour) if self.outcome else (words, colour)


@dataclass(frozen=True, slots=True)
class PanelMember:
    id: UUID
    name: str
    roles: tuple[str, ...]
    present: bool


@dataclass(frozen=True, slots=True)
class MeetingRead:
    id: UUID
    title: str
    held_at: datetime
    place: str
    status: str
    quorum: int
    version: int
    hidden: int
    agenda: tuple[AgendaItem, ...]
    waiting: tuple[AgendaItem, ...]
    members: tuple[PanelMember, ...]

    @property
    def is_open(self) -> bool:
        return self.status in ("planned", "pack_sent")

    @property
    def tag(self) -> tuple[str, str]:
        return MEETING_STATUSES[self.status]

    @property
    def present(self) -> list[PanelMember]:
        return [member for member in self.members if member.present]


def list_meetings() -> list[MeetingRow]:
    """Newest first."""
    return [MeetingRow(*row) for row in db.session.execute(_MEETINGS)]


def get_meeting(meeting_id: UUID, *, for_clerk: bool) -> MeetingRead:
    """A meeting with its agenda and, for the clerk, what waits for one. Raises NotFound."""
    row = db.session.execute(_MEETING, {"meeting": meeting_id, "clerk": for_clerk}).first()
    if row is None:
        raise NotFound
    agenda, waiting = _items(row.agenda), _items(row.waiting)
    members = tuple(
        PanelMember(UUID(m["id"]), m["name"], tuple(m["roles"]), m["present"]) for m in row.members or ()
    )
    about = {name: getattr(row, name) for name in MEETING}
    return MeetingRead(**about, agenda=agenda, waiting=waiting, members=members)


def load_meeting(meeting_id: UUID) -> Meeting:
    meeting = db.session.scalar(select(Meeting).where(Meeting.id == meeting_id))
    if meeting is None:
        raise NotFound
    return meeting


def load_agenda(meeting_id: UUID) -> Sequence[PanelItem]:
    """In order; what a conflict hides is not among them."""
    of_meeting = select(PanelItem).where(PanelItem.meeting_id == meeting_id)
    return db.session.scalars(of_meeting.order_by(PanelItem.position, PanelItem.id)).all()


def last_position(meeting_id: UUID) -> int:
    found = select(func.max(PanelItem.position)).where(PanelItem.meeting_id == meeting_id)
    return db.session.scalar(found) or 0


def count_to_decide(meeting_id: UUID) -> int:
    on_agenda = PanelItem.status == ItemStatus.ON_AGENDA
    found = select(func.count()).select_from(PanelItem).where(PanelItem.meeting_id == meeting_id, on_agenda)
    return db.session.scalar(found) or 0


def load_attendance(meeting_id: UUID) -> Sequence[Attendance]:
    return db.session.scalars(select(Attendance).where(Attendance.meeting_id == meeting_id)).all()


def _items(rows: Iterable[dict[str, Any]] | None) -> tuple[AgendaItem, ...]:
    return tuple(
        AgendaItem(
            **{**row, "id": UUID(row["id"]), "received_at": datetime.fromisoformat(row["received_at"])}
        )
        for row in rows or ()
    )
