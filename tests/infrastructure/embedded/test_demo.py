"""The demo finds its own way to a port, and says in a sentence when it cannot."""

import pytest

from infrastructure.embedded import demo
from infrastructure.embedded.errors import EmbeddedError
from infrastructure.embedded.ports import free_port, is_free, listen


@pytest.fixture
def few_ports(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two ports to choose from, instead of twenty from 8000 on."""
    first = next(port for port in iter(free_port, 0) if is_free(port + 1))
    monkeypatch.setattr(demo, "FIRST_PORT", first)
    monkeypatch.setattr(demo, "PORTS", 2)
    return [first, first + 1]


def test_demos_that_start_at_once_take_one_port_each(few_ports: list[int]) -> None:
    """Neither serves pages yet: whoever has chosen a port has it."""
    with demo._chosen_port(None) as first, demo._chosen_port(None) as second:
        assert [first.getsockname()[1], second.getsockname()[1]] == few_ports
        with pytest.raises(EmbeddedError, match=f"All ports from {few_ports[0]} on are busy"):
            demo._chosen_port(None)


def test_a_busy_port_is_said_in_a_sentence(few_ports: list[int]) -> None:
    somebody = listen(few_ports[0])
    assert somebody is not None
    with somebody, pytest.raises(EmbeddedError, match=f"Port {few_ports[0]} is busy"):
        demo._chosen_port(few_ports[0])
    with demo._chosen_port(few_ports[0]) as ours:
        assert ours.getsockname()[1] == few_ports[0]


@pytest.mark.parametrize("port", [-1, 0, 80, 65_536])
def test_a_port_that_nobody_may_choose_is_said_in_a_sentence(port: int) -> None:
    with pytest.raises(EmbeddedError, match="Choose a port from 1024 to 65535"):
        demo._chosen_port(port)
