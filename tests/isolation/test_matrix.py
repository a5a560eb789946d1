"""Every audience, every table, every command: exactly what `matrix.txt` says, and never a row of another partnership.

After a deliberate change of a policy, write the file anew and read the difference as an attacker would:
`python -m tests.isolation.write_matrix`.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.isolation.rows import Row
from tests.isolation.stage import GOLDEN, Stage, set_stage
from tests.services import TestDatabase

_TOUCHED = """select distinct tablename from pg_policies where roles[1] in
    ('send_school', 'send_locality', 'send_agency', 'send_family', 'send_system')"""
# A directory of organisations is public knowledge; a school's own update of it is not (see the golden lines).
PUBLIC = "tenant"


@pytest.fixture(scope="module")
def stage(database: TestDatabase) -> Iterator[Stage]:
    with set_stage(database) as stage:
        yield stage


@pytest.fixture(scope="module")
def found(stage: Stage) -> list[str]:
    return list(stage.all_lines())


def gaps(table: str, rows: list[Row]) -> Iterator[str]:
    """Whose rows are missing: of a table that an audience may touch, everybody's stand beside each other."""
    labels = {row.label for row in rows}
    for whose in ("ours", "theirs"):
        if not any(label.startswith(f"{whose} ") for label in labels):
            yield f"{table} has no row of {whose}: furnish one, so that somebody can fail to see it"
    if any("larkrise" in label for label in labels) and not any("millbrook" in label for label in labels):
        yield f"{table} has a row of one school only: furnish one of the other school too"


def test_every_table_that_an_audience_may_touch_has_rows_to_look_for(stage: Stage) -> None:
    touched = stage.connection.scalars(text(_TOUCHED)).all()
    assert [gap for table in sorted(touched) for gap in gaps(table, stage.rows[table])] == []


def test_a_table_that_nobody_furnished_is_noticed(stage: Stage) -> None:
    rows = stage.rows["plan"]
    ours = [row for row in rows if row.ours]
    here = [row for row in rows if "millbrook" not in row.label]
    assert "plan has no row of ours" in next(gaps("plan", []))
    assert "plan has no row of theirs" in next(gaps("plan", ours))
    assert "plan has a row of one school only" in next(gaps("plan", here))


def test_nobody_reaches_another_partnership(found: list[str]) -> None:
    assert [line for line in found if "theirs" in line and not line.startswith(f"{PUBLIC} |")] == []
    assert [line for line in found if "theirs" in line and "| select |" not in line] == []


def test_everybody_reaches_exactly_what_the_matrix_says(found: list[str]) -> None:
    assert found == GOLDEN.read_text().splitlines()
