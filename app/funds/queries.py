"""Finding funds and reading their ledgers.

What is left is the sum of the entries. Where a conflict of interest hides one of them the fund is closed to the reader:
they are told no sum and no number, for each would give away what was awarded. PostgreSQL grants nobody the balances
that it keeps; entries come in the order of their numbers, so those are held back here.
"""

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

_OPEN = "cross join lateral (select f.id <> all (array(select ctx.closed_funds())) as to_reader) open"
_FUNDS = text(f"""
    select f.id, f.name, f.year,
        case when open.to_reader then coalesce(sum(e.amount_pence), 0)::bigint end as balance_pence,
        case when open.to_reader then coalesce(sum(e.amount_pence) filter (where e.kind <> 'award'), 0)::bigint end
            as paid_in_pence,
        case when open.to_reader then coalesce(-sum(e.amount_pence) filter (where e.kind = 'award'), 0)::bigint end
            as awarded_pence,
        f.id = any (array(select ctx.funds_covering(:item))) as covers
    from fund f {_OPEN}
    left join fund_entry e on e.tenant_id = f.tenant_id and e.fund_id = f.id
    where f.id = coalesce(:fund, f.id)
    group by f.tenant_id, f.id, open.to_reader order by f.year desc, f.name, f.id""")  # noqa: S608 - our own words
_LEDGER = text(f"""
    with line as (
        select e.*, sum(e.amount_pence) over (order by e.number)::bigint as balance_after_pence
        from (select id, number, kind, amount_pence, note, entered_at, person_id, home_tenant_id, corrects_id
            from fund_entry where fund_id = :fund) e)
    select f.id, f.name, f.year,
        case when open.to_reader then (select coalesce(sum(l.amount_pence), 0)::bigint from line l) end as balance_pence,
        (select count(*) from line) as seen, e.id as entry_id, case when open.to_reader then e.number end as number,
        e.kind, e.amount_pence, case when open.to_reader then e.balance_after_pence end as balance_after_pence, e.note,
        e.entered_at, p.name as who, t.name as school, case when open.to_reader then c.number end as corrects
    from fund f {_OPEN}
    left join lateral (select * from line l order by l.number desc limit :limit offset :skip) e on true
    left join person p on p.id = e.person_id
    left join tenant t on t.id = e.home_tenant_id
    left join line c on c.id = e.corrects_id
    where f.id = :fund order by e.number desc""")  # noqa: S608 - our own words
_PAYMENTS = text("""
    select i.due_on, i.term_name, i.amount_pence, e.note as reference, t.name as school
    from instalment i
    join fund_entry e on e.tenant_id = i.tenant_id and e.decision_id = i.decision_id and e.kind = 'award'
    join tenant t on t.id = e.home_tenant_id
    where e.fund_id = :fund and i.due_on >= ctx.today() order by i.due_on, e.number, i.position limit 100""")


@dataclass(frozen=True, slots=True)
class FundRow:
    """A fund and its sums; none of them where the fund is closed. `covers`: enough is left for the item asked about."""

    id: UUID
    name: str
    year: str
    balance_pence: int | None
    paid_in_pence: int | None
    awarded_pence: int | None
    covers: bool

    @property
    def title(self) -> str:
        return f"{self.name}, {said(self.year)}"

    @property
    def closed(self) -> bool:
        return self.balance_pence is None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of a ledger; without its number and what it left where the fund is closed."""

    id: UUID
    number: int | None
    kind: str
    amount_pence: int
    balance_after_pence: int | None
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
    """A fund and one page of its entries, newest first; without a balance it is closed."""

    id: UUID
    name: str
    year: str
    balance_pence: int | None
    page: Page[EntryRow]

    @property
    def title(self) -> str:
        return f"{self.name}, {said(self.year)}"

    @property
    def closed(self) -> bool:
        return self.balance_pence is None


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


def get_fund(fund_id: UUID) -> FundRow:
    """As it stands at this instant. Raises NotFound."""
    row = db.session.execute(_FUNDS, {"fund": fund_id, "item": None}).first()
    if row is None:
        raise NotFound
    return FundRow(*row)


def list_funds(*, for_item: UUID | None = None) -> list[FundRow]:
    """Newest year first; for whoever decides on an item, with whether each has enough for it."""
    return [FundRow(*row) for row in db.session.execute(_FUNDS, {"fund": None, "item": for_item})]


def get_ledger(fund_id: UUID, number: int = 1) -> Ledger:
    """Raises NotFound. A page number out of range is page 1."""
    rows = _ledger_rows(fund_id, number)
    if not rows:
        raise NotFound
    if number > 1 and rows[0].entry_id is None:
        return get_ledger(fund_id)
    head = rows[0]
    entries = [EntryRow(*row[5:]) for row in rows if row.entry_id is not None]
    return Ledger(head.id, head.name, head.year, head.balance_pence, Page(entries, number, head.seen))


def _ledger_rows(fund_id: UUID, number: int):  # type: ignore[no-untyped-def]
    values = {"fund": fund_id, "limit": PER_PAGE, "skip": (number - 1) * PER_PAGE}
    return db.session.execute(_LEDGER, values).all()


def list_payments(fund_id: UUID) -> list[PaymentRow]:
    """What is due from today on, soonest first; at most a hundred."""
    return [PaymentRow(*row) for row in db.session.execute(_PAYMENTS, {"fund": fund_id})]
