"""The demo's commands never run elsewhere."""

import pytest

from tests.app.operator.command import run
from tests.services import TestDatabase


@pytest.mark.parametrize("command", ["prepare", "sign-ins"])
@pytest.mark.parametrize("word", ["0", "", "true", "yes"])
def test_outside_the_demo_they_refuse(database: TestDatabase, command: str, word: str) -> None:
    result = run(database, "demo", command, DEMO=word)
    assert result.exit_code == 1
    assert "in the demo only" in result.output


@pytest.mark.parametrize("command", ["prepare", "sign-ins"])
def test_without_a_word_about_it_they_refuse(database: TestDatabase, command: str) -> None:
    assert run(database, "demo", command, without=("DEMO",)).exit_code == 1
