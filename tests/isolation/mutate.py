"""Relax each policy in turn and see whether the matrix notices: `python3 dev.py mutate-policies`.

A policy whose relaxation changes nothing is either not needed, or not tested, or equivalent for a reason that is
written down in EQUIVALENT.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from tests.isolation.equivalent import EQUIVALENT
from tests.isolation.stage import Stage, set_stage
from tests.standalone import standalone_database

AUDIENCES = ("send_school", "send_locality", "send_agency", "send_family", "send_system")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One clause of one policy, said to be true."""

    table: str
    policy: str
    role: str
    clause: str

    @property
    def name(self) -> str:
        return f"{self.table}.{self.policy} {self.clause}"

    @property
    def statement(self) -> str:
        return f"alter policy {self.policy} on {self.table} {self.clause} (true)"


def mutants(connection: Connection) -> Iterator[Mutant]:
    query = text("""
        select tablename, policyname, roles[1] as role, qual, with_check from pg_policies
        where schemaname = 'public' and roles[1] = any (:roles) order by 1, 2""")
    for row in connection.execute(query, {"roles": list(AUDIENCES)}).all():
        for clause, words in (("using", row.qual), ("with check", row.with_check)):
            if words is not None and words != "true":
                yield Mutant(row.tablename, row.policyname, row.role, clause)


_COMPARED = text("""
    select count(*) from pg_attribute a, pg_policies p
    where a.attrelid = cast(cast(:table as text) as regclass) and a.attnum > 0 and not a.attisdropped
      and p.schemaname = 'public' and p.tablename = cast(:table as text) and p.policyname = :policy
      and (:clause = 'using' and p.qual <> p.with_check
        or regexp_replace(p.with_check, 'ctx\\.\\w+', '', 'g') ~ ('\\m' || a.attname || '\\M') and has_column_privilege(:role, a.attrelid, a.attnum, 'update'))""")


def unreachable(connection: Connection, mutant: Mutant) -> bool:
    """An UPDATE whose two clauses say the same of columns that this role has no grant to change says it twice."""
    if "_update" not in mutant.policy:
        return False
    values = {"table": mutant.table, "policy": mutant.policy, "role": mutant.role, "clause": mutant.clause}
    return bool(connection.scalar(_COMPARED, values) == 0)


def survives(stage: Stage, mutant: Mutant, normal: list[str]) -> bool:
    """Whether everything looks the same with this clause relaxed."""
    with stage.quiet(mutant.table):
        stage.connection.execute(text(mutant.statement))
        return stage.lines(mutant.table, mutant.role) == normal


def _normal(stage: Stage, table: str, role: str) -> list[str]:
    with stage.quiet(table):
        return stage.lines(table, role)


def run(stage: Stage) -> int:
    normal: dict[tuple[str, str], list[str]] = {}
    tried = killed = 0
    survivors: list[str] = []
    beyond: list[str] = []
    for mutant in list(mutants(stage.connection)):
        key = (mutant.table, mutant.role)
        if mutant.name in EQUIVALENT:
            continue
        if unreachable(stage.connection, mutant):
            beyond.append(mutant.name)
            continue
        normal[key] = normal[key] if key in normal else _normal(stage, *key)
        tried += 1
        if survives(stage, mutant, normal[key]):
            survivors.append(mutant.name)
        else:
            killed += 1
    _tell(tried, killed, survivors, beyond)
    return len(survivors)


def _tell(tried: int, killed: int, survivors: list[str], beyond: list[str]) -> None:
    for name in survivors:
        print(f"survived: {name}")  # noqa: T201 - this is a command
    print(f"policies {tried}, killed {killed}")  # noqa: T201
    print(f"equivalent, comparing only columns that the role may not change: {len(beyond)}")  # noqa: T201
    for name in beyond:
        print(f"  {name}")  # noqa: T201
    print(f"equivalent, with the reason: {len(EQUIVALENT)}")  # noqa: T201
    for name, reason in sorted(EQUIVALENT.items()):
        print(f"  {name}: {reason}")  # noqa: T201


def main() -> None:
    with standalone_database() as database, set_stage(database) as stage:
        survivors = run(stage)
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
