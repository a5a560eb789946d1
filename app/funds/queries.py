"""Finding funds and reading their ledgers."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text

from app.funds.models import Fund, FundEntry
from app.funds.years import said
from app.kernel.errors import NotFound
from app.kernel.paging import PER_PAGE, Page
from infrastructure.database.door import db

ENTRY_NAMES = {"opening": "Opened with", "top_up": "Top-up", "award": "Award", "correction": "Correction"}

_FUNDS = text("""
    select f.id, f.name, f.year, f.balance_pence,
        coalesce(sum(e.amount_pence) filter (where e.kind <> 'award'), 0)::bigint as paid_in_pence,
        (coalesce(sum(e.amount_pence) filter (where e.kind <> 'award'), 0) - f.balance_pence)::bigint as awarded_pence
    from fund f left join fund_entry e on e.tenant_id = f.tenant_id and e.fund_id = f.id
    group by f.tenant_id, f.id order by f.year desc, f.name, f.id""")
_LEDGER = text("""
    select f.id, f.name, f.year, f.balance_pence, f.version - 1 as written,
        (select count(*) from fund_entry c where c.tenant_id = f.tenant_id and c.fund_id = f.id) as seen,
        e.id as entry_id, e.number, e.kind, e.amount_pence, e.balance_after_pence, e.note, e.entered_at, p.name as who,
        t.name as school, c.number as corrects
    from fund f
    left join lateral (select * from fund_entry n where n.tenant_id = f.tenant_id and n.fund_id = f.id
        order by n.number desc limit :limit offset :skip) e on true
    left join person p on p.id = e.person_id
    left join tenant t on t.id = e.home_tenant_id
    left join fund_entry c on c.tenant_id = e.tenant_id and c.id = e.corrects_id
    where f.id = :fund order by e.number desc""")
_PAYMENTS = text("""
    select i.due_on, i.term_name, i.amount_pence, e.note as reference, t.name as school
    from instalment i
    join fund_entry e on e.tenant_id = i.tenant_id and e.decision_id = i.decision_id and e.kind = 'award'
    join tenant t on t.id = e.home_tenant_id
    where e.fund_id = :fund and i.due_on >= ctx.today() order by i.due_on, e.number, i.position limit 100""")


@dataclass(frozen=True, slots=True)
class FundRow:
    id: UUID
    name: str
    year: str
    balance_pence: int
    paid_in_pence: int
    awarded_pence: int

    @property
    def title(self) -> str:
        return f"{self.name}, {said(self.year)}"


@dataclass(frozen=True, slots=True)
class EntryRow:
    id: UUID
    number: int
    kind: str
    amount_pence: int
    balance_after_pence: int
    note: str
    entered_at: datetime
    who: str | None
    school: str | None
    corrects: int | None

    @property
    def what(self) -> str:
        words = ENTRY_NAMES[self.kind]
        return f"{words} of entry {self.corrects}" if self.corrects else words


@dataclass(frozen=True, slots=True)
class Ledger:
    """A fund and one page of its entries, newest first. `hidden` are awards that a conflict of interest closes."""

    id: UUID
    name: str
    year: str
    balance_pence: int
    hidden: int
    page: Page[EntryRow]

    @property
    def title(self) -> str:
        return f"{self.name}, {said(self.year)}"


@dataclass(frozen=True, slots=True)
class PaymentRow:
    due_on: date
    term_name: str
    amount_pence: int
    reference: str
    school: str


def load_fund(fund_id: UUID) -> Fund:
    """Raises NotFound, also for a fund of another locality."""
    fund = db.session.scalar(select(Fund).where(Fund.id == fund_id))
    if fund is None:
        raise NotFound
    return fund


def load_entry(fund_id: UUID, entry_id: UUID) -> FundEntry:
    found = db.session.scalar(select(FundEntry).where(FundEntry.fund_id == fund_id, FundEntry.id == entry_id))
    if found is None:
        raise NotFound
    return found


def find_fund(name: str, year: str) -> Fund | None:
    return db.session.scalar(select(Fund).where(Fund.name == name, Fund.year == year))


def balance_of(fund_id: UUID) -> int:
    """What is left at this instant. Raises NotFound."""
    balance = db.session.scalar(select(Fund.balance_pence).where(Fund.id == fund_id))
    if balance is None:
        raise NotFound
    return balance


def list_funds() -> list[FundRow]:
    """Newest year first."""
    return [FundRow(*row) for row in db.session.execute(_FUNDS)]


def get_ledger(fund_id: UUID, number: int = 1) -> Ledger:
    """Raises NotFound. A page number out of range is page 1."""
    rows = _ledger_rows(fund_id, number)
    if not rows:
        raise NotFound
    if number > 1 and rows[0].entry_id is None:
        return get_ledger(fund_id)
    head = rows[0]
    entries = [EntryRow(*row[6:]) for row in rows if row.entry_id is not None]
    page = Page(entries, number, head.seen)
    return Ledger(head.id, head.name, head.year, head.balance_pence, head.written - head.seen, page)


def _ledger_rows(fund_id: UUID, number: int):  # type: ignore[no-untyped-def]
    values = {"fund": fund_id, "limit": PER_PAGE, "skip": (number - 1) * PER_PAGE}
    return db.session.execute(_LEDGER, values).all()


def list_payments(fund_id: UUID) -> list[PaymentRow]:
    """What is due from today on, soonest first; at most a hundred."""
    return [PaymentRow(*row) for row in db.session.execute(_PAYMENTS, {"fund": fund_id})]
