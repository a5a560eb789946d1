"""Count the chain of seals again: whoever changed, added or removed a line since then is found out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

# The same function that the sealer uses, called by the auditor with the auditor's own rights.
_SEALS = text("""
    select t.slug, s.number, s.cluster, s.from_xid, s.to_xid, s.entries, s.hash, c.entries as entries_found, c.hash as hash_found
    from tenant t
    join (select *, lag(hash) over (partition by tenant_id order by number) as previous from audit_seal) s
        on s.tenant_id = t.id
    cross join lateral audit.chain(s.tenant_id, s.cluster, s.from_xid, s.to_xid, s.previous) c
    order by t.slug, s.number""")


@dataclass(frozen=True, slots=True)
class Verdict:
    """About one organisation. `broken` is the number of the first seal that does not hold."""

    slug: str
    seals: int
    entries: int
    broken: int | None = None
    problem: str = ""

    def __str__(self) -> str:
        if self.broken is not None:
            return f"{self.slug}: seal {self.broken} is broken: {self.problem}"
        return f"{self.slug}: {self.seals} seals, {self.entries} entries, intact"


def verify(connection: Connection) -> Iterator[Verdict]:
    """One verdict for each organisation that has a seal."""
    rows: list[Any] = []
    for row in connection.execute(_SEALS):
        if rows and rows[0].slug != row.slug:
            yield _judge(rows)
            rows = []
        rows.append(row)
    if rows:
        yield _judge(rows)


def _judge(rows: list[Any]) -> Verdict:
    slug = rows[0].slug
    reached: dict[
        int, int
    ] = {}  # in each cluster that the diary has lived in; every one counts from zero (ADR 7)
    for number, row in enumerate(rows, 1):
        if row.number != number or row.from_xid != reached.get(row.cluster, 0):
            return Verdict(slug, len(rows), 0, number, "a seal is missing before it")
        if row.entries != row.entries_found:
            return Verdict(
                slug, len(rows), 0, number, f"it sealed {row.entries} entries, {row.entries_found} are there"
            )
        if row.hash != row.hash_found:
            return Verdict(slug, len(rows), 0, number, "an entry was changed")
        reached[row.cluster] = row.to_xid
    return Verdict(slug, len(rows), sum(row.entries for row in rows))
