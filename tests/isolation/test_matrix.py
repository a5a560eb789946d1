"""Every audience, every table, every command: exactly what `matrix.txt` says, and never a row of another partnership.

After a deliberate change of a policy, write the file anew and read the difference as an attacker would:
`python -m tests.isolation.write_matrix`.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

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


def test_every_table_that_an_audience_may_touch_has_rows_to_look_for(stage: Stage) -> None:
    empty = {table for table, rows in stage.rows.items() if not rows}
    touched = stage.connection.scalars(text(_TOUCHED))
    assert empty.isdisjoint(touched)


def test_nobody_reaches_another_partnership(found: list[str]) -> None:
    assert [line for line in found if "theirs" in line and not line.startswith(f"{PUBLIC} |")] == []
    assert [line for line in found if "theirs" in line and "| select |" not in line] == []


def test_everybody_reaches_exactly_what_the_matrix_says(found: list[str]) -> None:
    assert found == GOLDEN.read_text().splitlines()
