"""A fund and its ledger. PostgreSQL numbers each entry and moves the balance when an entry is written.

What a fund holds is not here: nobody has a grant on it, so that no award can be worked out from it. See the queries.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from infrastructure.database.door import Base
from tenants.owned import TenantOwned, within_tenant


class EntryKind(StrEnum):
    OPENING = "opening"
    TOP_UP = "top_up"
    AWARD = "award"
    CORRECTION = "correction"


class Fund(TenantOwned, Base):
    """A pot of money for one financial year. Nobody may change or read its balance; only entries move it."""

    __tablename__ = "fund"

    name: Mapped[str]
    year: Mapped[str]


class FundEntry(TenantOwned, Base):
    """Never changed and never removed: a correction is a new entry that names the old one."""

    __tablename__ = "fund_entry"
    __table_args__ = (within_tenant("fund_id", "fund"),)

    fund_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(FetchedValue())
    kind: Mapped[EntryKind]
    amount_pence: Mapped[int]
    decision_id: Mapped[UUID | None]
    home_tenant_id: Mapped[UUID | None] = mapped_column(FetchedValue())
    share_id: Mapped[UUID | None] = mapped_column(FetchedValue())
    corrects_id: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(default="")
    person_id: Mapped[UUID]
    entered_at: Mapped[datetime] = mapped_column(FetchedValue())


class Instalment(TenantOwned, Base):
    """One payment of an award. Together they are the award to the penny: PostgreSQL adds them up."""

    __tablename__ = "instalment"

    decision_id: Mapped[UUID]
    share_id: Mapped[UUID]
    position: Mapped[int]
    term_name: Mapped[str]
    due_on: Mapped[date]
    amount_pence: Mapped[int]
