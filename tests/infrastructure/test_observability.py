"""Logs and error reports say what happened and where, and nothing about anybody."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
import structlog
from flask import Flask, request
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from infrastructure.observability import report, start_logging, start_sentry

CANARY = "Quenby-Ostrowska"


class Sink(Transport):
    """Takes what would go over the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope)

    @property
    def wire(self) -> str:
        return b"\n".join(envelope.serialize() for envelope in self.sent).decode()

    @property
    def event(self) -> Any:
        (event,) = [item.payload.json for envelope in self.sent for item in envelope.items]
        return event


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    start_logging("INFO", stream)
    yield stream
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()
    root.handlers[:], root.level = before


@pytest.fixture
def sink() -> Iterator[Sink]:
    taken = Sink()
    with sentry_sdk.isolation_scope():
        start_sentry("https://key@localhost/1", release="r1", environment="test", transport=taken)
        yield taken
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)
    structlog.contextvars.clear_contextvars()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def broken(name: str) -> None:
    shown = f"about {name}"
    raise ValueError(shown)


def test_a_line_has_the_ids_of_its_request(log: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="r-1", tenant_id="t-1")
    structlog.get_logger("web").info("page shown", route="/pupils/<uuid:pupil_id>", status=200)
    (line,) = lines(log)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "page shown",
        "level": "info",
        "logger": "web",
        "request_id": "r-1",
        "tenant_id": "t-1",
        "route": "/pupils/<uuid:pupil_id>",
        "status": 200,
    }


def test_a_key_that_is_not_listed_is_dropped(log: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(email=f"{CANARY}@example.org")
    structlog.get_logger().info("page shown", name=CANARY, count=1)
    assert CANARY not in log.getvalue()
    assert lines(log)[0]["count"] == 1


def test_words_of_people_are_withheld_under_any_key(log: io.StringIO) -> None:
    structlog.get_logger().info(f"page of {CANARY}", problem=f"for {CANARY}", kind=["é"], status=500)
    assert CANARY not in log.getvalue()
    assert lines(log)[0]["event"] == "message withheld"
    assert "kind" not in lines(log)[0]


def test_a_library_is_heard_without_what_fills_its_blanks(log: io.StringIO) -> None:
    library = logging.getLogger("some.library")
    library.warning("could not write to %s", f"{CANARY}@example.org")
    library.warning(f"row ({CANARY})")
    assert [line["event"] for line in lines(log)] == ["could not write to %s", "message withheld"]
    assert CANARY not in log.getvalue()


def test_an_error_is_its_type_and_its_place(log: io.StringIO) -> None:
    for heard in (structlog.get_logger("ours"), logging.getLogger("theirs")):
        try:
            broken(CANARY)
        except ValueError:
            heard.error("it broke", exc_info=True)
    for line in lines(log):
        assert line["error"] == "ValueError"
        assert line["where"][-1].startswith("tests.infrastructure.test_observability.broken:")
    assert CANARY not in log.getvalue()


def test_the_level_is_kept(log: io.StringIO) -> None:
    structlog.get_logger().debug("nothing to see")
    logging.getLogger("some.library").debug("nothing to see")
    assert log.getvalue() == ""


def test_an_error_report_holds_no_name_from_page_form_header_or_memory(sink: Sink, log: io.StringIO) -> None:
    app = Flask(__name__)

    @app.post("/pupils/<name>")
    def show_pupil(name: str) -> str:
        structlog.contextvars.bind_contextvars(tenant_id="t-1", request_id="r-1", email=CANARY)
        sentry_sdk.set_user({"email": CANARY})
        sentry_sdk.set_tag("pupil", CANARY)
        sentry_sdk.set_extra("pupil", CANARY)
        sentry_sdk.add_breadcrumb(message=CANARY)
        logging.getLogger("some.library").error("about %s", CANARY)
        try:
            broken(name)
        except ValueError as cause:
            raise RuntimeError(f"{CANARY} and {request.args}") from cause
        return ""

    answer = app.test_client().post(
        f"/pupils/{CANARY}?name={CANARY}",
        data={"name": CANARY},
        headers={"X-Name": CANARY, "Cookie": f"name={CANARY}", "Referer": f"https://{CANARY}.example/"},
    )
    assert answer.status_code == 500
    assert CANARY.lower() not in sink.wire.lower()
    assert "t-1" in sink.wire


def test_an_error_report_says_what_broke_where_and_for_which_request(sink: Sink) -> None:
    structlog.contextvars.bind_contextvars(tenant_id="t-1", request_id="r-1", route=CANARY)
    try:
        broken(CANARY)
    except ValueError as error:
        report(error)
    event = sink.event
    (error_sent,) = event["exception"]["values"]
    assert error_sent["type"] == "ValueError"
    assert "value" not in error_sent
    assert [frame["function"] for frame in error_sent["stacktrace"]["frames"]][-1] == "broken"
    assert set(error_sent["stacktrace"]["frames"][-1]) == {
        "filename",
        "module",
        "function",
        "lineno",
        "in_app",
    }
    assert event["tags"] == {"tenant_id": "t-1", "request_id": "r-1"}
    assert (event["release"], event["environment"]) == ("r1", "test")
    assert set(event) <= {
        *("event_id", "timestamp", "platform", "level", "release", "environment", "exception", "tags"),
        "transaction",
    }


def test_a_message_without_an_error_is_not_sent(sink: Sink) -> None:
    sentry_sdk.capture_message(CANARY)
    logging.getLogger("some.library").error(CANARY)
    assert sink.sent == []


def test_without_an_address_nothing_starts_and_reporting_is_harmless() -> None:
    start_sentry(None)
    assert not sentry_sdk.get_client().is_active()
    report(ValueError(CANARY))
