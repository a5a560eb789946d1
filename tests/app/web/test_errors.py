"""An error that nobody expected is a calm page for the person, and one line without their words for us."""

import io
import json
import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from app.factory import create_hosts
from app.kernel.access import Audience
from app.web.access import open_to_all
from infrastructure.observability import start_logging
from infrastructure.settings import Settings
from tests.browser import Browser
from tests.services import DOMAIN, TestDatabase, environment_for

CANARY = "Quenby-Ostrowska"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    start_logging("INFO", stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], root.level = before


@pytest.fixture
def broken(database: TestDatabase) -> Browser:
    """The front door with a page that fails."""
    hosts = create_hosts(Settings.from_environment(os.environ | environment_for(database.name, "send_web")))

    @open_to_all
    def fail() -> str:
        raise ValueError(f"no plan of {CANARY}")

    hosts.apps[Audience.FRONT].add_url_rule("/broken", "broken", fail)
    return Browser(hosts, DOMAIN)


def lines(log: io.StringIO) -> list[Any]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_the_person_reads_what_to_do(broken: Browser) -> None:
    response = broken.get("/broken")
    assert response.status_code == 500
    assert "Sorry, there is a problem with the service" in response.text
    assert CANARY not in response.text


def test_it_is_logged_once_with_its_request_and_no_words(broken: Browser, log: io.StringIO) -> None:
    broken.get(f"/broken?q={CANARY}")
    (line,) = [line for line in lines(log) if line["level"] in ("error", "critical")]
    assert line["error"] == "ValueError"
    assert line["where"][-1].startswith("tests.app.web.test_errors.fail:")
    assert len(line["request_id"]) == 16
    assert CANARY not in log.getvalue()


def test_a_page_that_works_logs_no_error(broken: Browser, log: io.StringIO) -> None:
    assert broken.get("/about/help").status_code == 200
    assert [line for line in lines(log) if line["level"] == "error"] == []
