"""One item as the reader may see it: whoever has a conflict of interest finds nothing, like with any unknown id."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, text

from app.kernel.errors import NotFound
from app.panels.models import PanelItem, Vote
from app.panels.snapshot import Snapshot, read_snapshot
from app.panels.words import CHOICES, CONFLICT_NAMES, OUTCOMES, STATUSES
from infrastructure.database.door import db

_ITEM = text("""
    select i.id, i.share_id, i.meeting_id, i.reference, i.status, i.amount_pence, t.name as school, s.content,
        m.title as meeting, m.held_at, g.present, g.quorum, g.presiders, g.recused,
        (select string_agg(p.name, ' or ' order by p.name) from person p where p.id = any (g.presiders)) as presider,
        (select v.choice from vote v where v.tenant_id = i.tenant_id and v.item_id = i.id
            and v.person_id = ctx.person()) as my_vote,
        (select json_object_agg(c.choice, c.votes) from (select v.choice, count(*) as votes from vote v
            where v.tenant_id = i.tenant_id and v.item_id = i.id and not (v.person_id = any (g.recused))
            group by v.choice) c) as tally,
        (select json_agg(json_build_object('id', d.id, 'title', d.title, 'size_bytes', d.size_bytes)
            order by d.title, d.id) from share_document d where d.tenant_id = i.home_tenant_id
            and d.guest_tenant_id = i.tenant_id and d.share_id = i.share_id) as documents,
        (select json_agg(json_build_object('words', n.words, 'written_at', n.written_at, 'who', p.name)
            order by n.written_at, n.id) from panel_note n left join person p on p.id = n.person_id
            where n.tenant_id = i.tenant_id and n.item_id = i.id) as notes,
        (select json_agg(json_build_object('who', p.name, 'kind', r.kind) order by p.name, r.id)
            from recusal r join person p on p.id = r.person_id
            where r.tenant_id = i.tenant_id and r.share_id = i.share_id) as conflicts,
        e.id as decision_id, e.outcome, e.reason, e.conditions, e.amount_pence as award_pence, e.terms,
        e.present as present_then, e.decided_at, q.name as decided_by,
        (select json_agg(json_build_object('term_name', x.term_name, 'due_on', x.due_on, 'amount_pence', x.amount_pence)
            order by x.position) from instalment x where x.tenant_id = i.tenant_id and x.decision_id = e.id) as payments
    from panel_item i
    join tenant t on t.id = i.home_tenant_id
    left join share s on s.tenant_id = i.home_tenant_id and s.id = i.share_id
    left join meeting m on m.tenant_id = i.tenant_id and m.id = i.meeting_id
    left join lateral ctx.item_standing(i.id) g on true
    left join decision e on e.tenant_id = i.tenant_id and e.item_id = i.id
    left join person q on q.id = e.decided_by
    where i.id = :item""")
_DOCUMENT = text("""
    select i.share_id, d.clean_key, d.object_version, d.filename, d.media_type
    from panel_item i join share_document d on d.tenant_id = i.home_tenant_id and d.share_id = i.share_id
    where i.id = :item and d.id = :document""")
ITEM = (
    "id", "share_id", "meeting_id", "reference", "status", "amount_pence", "school", "meeting", "held_at", "presider",
    "my_vote",
)  # fmt: skip
_STANDING = text("select present, quorum, presiders from ctx.item_standing(:item)")
_PAPERS = text("select exists (select from share s where s.tenant_id = :home and s.id = :share)")
_VOTERS = text("""
    select p.id, p.name from membership b join person p on p.id = b.person_id
    where b.status = 'active' and b.roles && '{chair,vice_chair,member}' order by p.name, p.id""")


@dataclass(frozen=True, slots=True)
class DocumentRow:
    id: UUID
    title: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    words: str
    written_at: datetime
    who: str | None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    term_name: str
    due_on: date
    amount_pence: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Who counts for an item: present voting members without a conflict, how many it takes, and who presides."""

    present: int
    quorum: int
    presiders: frozenset[UUID]

    @property
    def is_quorate(self) -> bool:
        return self.present >= self.quorum


@dataclass(frozen=True, slots=True)
class DecisionRead:
    outcome: str
    reason: str
    conditions: str
    amount_pence: int | None
    terms: int | None
    present: int
    decided_at: datetime
    decided_by: str | None
    payments: tuple[PaymentRow, ...]

    @property
    def said(self) -> str:
        return OUTCOMES[self.outcome]


@dataclass(frozen=True, slots=True)
class ItemRead:
    """Everything on the page of an item. Without a snapshot the share has ended: the papers are gone."""

    id: UUID
    share_id: UUID
    meeting_id: UUID | None
    reference: str
    status: str
    amount_pence: int | None
    school: str
    snapshot: Snapshot | None
    meeting: str | None
    held_at: datetime | None
    standing: Standing
    presider: str | None
    my_vote: str | None
    tally: tuple[tuple[str, int], ...]
    documents: tuple[DocumentRow, ...]
    notes: tuple[NoteRow, ...]
    conflicts: tuple[tuple[str, str], ...]
    decision: DecisionRead | None

    @property
    def tag(self) -> tuple[str, str]:
        words, colour = STATUSES[self.status]
        return (self.decision.said, colour) if self.decision else (words, colour)

    @property
    def caption(self) -> str:
        return self.snapshot.caption if self.snapshot else self.school

    @property
    def my_vote_said(self) -> str | None:
        return CHOICES[self.my_vote] if self.my_vote else None


@dataclass(frozen=True, slots=True)
class Paper:
    """Where the checked copy of a shared document lies."""

    share_id: UUID
    clean_key: str
    object_version: str
    filename: str
    media_type: str


def get_item(item_id: UUID) -> ItemRead:
    """Raises NotFound, also for an item that a conflict of interest closes."""
    row = db.session.execute(_ITEM, {"item": item_id}).first()
    if row is None:
        raise NotFound
    return ItemRead(
        **{name: getattr(row, name) for name in ITEM},
        snapshot=read_snapshot(row.content) if row.content is not None else None,
        standing=Standing(row.present or 0, row.quorum or 0, frozenset(row.presiders or ())),
        tally=_tally(row.tally),
        documents=tuple(DocumentRow(UUID(d["id"]), d["title"], d["size_bytes"]) for d in row.documents or ()),
        notes=tuple(_note(note) for note in row.notes or ()),
        conflicts=tuple((c["who"], CONFLICT_NAMES[c["kind"]]) for c in row.conflicts or ()),
        decision=_decision(row),
    )


def load_item(item_id: UUID, *, on: UUID | None = None) -> PanelItem:
    """Raises NotFound, also for one that is not on that meeting's agenda."""
    item = db.session.scalar(select(PanelItem).where(PanelItem.id == item_id))
    if item is None or (on is not None and item.meeting_id != on):
        raise NotFound
    return item


def get_standing(item_id: UUID) -> Standing:
    row = db.session.execute(_STANDING, {"item": item_id}).one()
    return Standing(row.present, row.quorum or 0, frozenset(row.presiders))


def get_paper(item_id: UUID, document_id: UUID) -> Paper:
    row = db.session.execute(_DOCUMENT, {"item": item_id, "document": document_id}).first()
    if row is None:
        raise NotFound
    return Paper(*row)


def has_papers(item: PanelItem) -> bool:
    """Whether the share still stands: not withdrawn, not run out."""
    found = db.session.scalar(_PAPERS, {"home": item.home_tenant_id, "share": item.share_id})
    return bool(found)


def has_voted(item_id: UUID, person_id: UUID) -> bool:
    mine = exists().where(Vote.item_id == item_id, Vote.person_id == person_id)
    return bool(db.session.scalar(select(mine)))


def list_voters() -> list[tuple[UUID, str]]:
    """Chair, vice-chair and members, by name."""
    return [(row.id, row.name) for row in db.session.execute(_VOTERS)]


def _note(note: Mapping[str, Any]) -> NoteRow:
    return NoteRow(note["words"], datetime.fromisoformat(note["written_at"]), note["who"])


def _tally(counts: Mapping[str, int] | None) -> tuple[tuple[str, int], ...]:
    return tuple((said, (counts or {}).get(choice, 0)) for choice, said in CHOICES.items())


def _decision(row: Any) -> DecisionRead | None:
    if row.decision_id is None:
        return None
    payments = tuple(
        PaymentRow(p["term_name"], date.fromisoformat(p["due_on"]), p["amount_pence"])
        for p in row.payments or ()
    )
    return DecisionRead(
        row.outcome, row.reason, row.conditions, row.award_pence, row.terms, row.present_then, row.decided_at,
        row.decided_by, payments,
    )  # fmt: skip
