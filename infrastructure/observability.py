"""What leaves the service about itself: logs and error reports with ids in them, never names or words of people."""

import logging
import re
import sys
import traceback
from typing import TYPE_CHECKING, Any, TextIO

import sentry_sdk
import structlog
from sentry_sdk.integrations.flask import FlaskIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport
from structlog.typing import EventDict, Processor, WrappedLogger

if TYPE_CHECKING:
    from sentry_sdk._types import DataCollectionUserOptions

# What may stand in a log line. A key that is not here is dropped, so forgetting is safe.
KEYS = {
    *("timestamp", "level", "logger", "event", "problem", "error", "where"),
    *("tenant_id", "person_id", "request_id", "job_id", "delivery_id", "document_id"),
    *("audience", "method", "route", "status", "duration_ms", "statements"),
    *("attempt", "last", "queue", "handler", "kind", "count", "task", "due_at", "version", "pid"),
}
TAGS = ("tenant_id", "request_id", "job_id", "delivery_id")
OUR_WORDS = re.compile(r"[a-z0-9 _.,:'-]{1,100}")
VALUE = re.compile(r"[A-Za-z0-9_.:/+<>@%-]{0,200}")
WITHHELD = "message withheld"
DEEPEST_FRAMES = 12
# Each is on unless it is switched off here (`send_default_pii=False` in words of today's client).
NOTHING: "DataCollectionUserOptions" = {
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_headers": {"request": {"mode": "off"}},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "graphql": {"document": False, "variables": False},
    "gen_ai": {"inputs": False, "outputs": False},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
    "frame_context_lines": 0,
}


def start_logging(level: str, stream: TextIO | None = None) -> None:
    """One JSON object for each line, for our own words and for those of libraries."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            plain_words,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*before, template_without_arguments],
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                name_exception,
                known_keys,
                structlog.processors.JSONRenderer(),
            ],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)


def plain_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A sentence written in the code is small letters; one that was put together with a name seldom is."""
    if not OUR_WORDS.fullmatch(str(event.get("event"))):
        event["event"] = WITHHELD
    return event


def template_without_arguments(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A library's sentence with its blanks left empty: what filled them may be a name, an address, a row."""
    return event if event.pop("positional_args", None) else plain_words(logger, method, event)


def name_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Its type and where it came from. Its message may quote what somebody wrote."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = [
            f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_name}:{line}"
            for frame, line in traceback.walk_tb(error.__traceback__)
        ][-DEEPEST_FRAMES:]
    return event


def known_keys(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {
        key: value for key, value in event.items() if key in KEYS and (key == "event" or _is_plain(value))
    }


def report(error: BaseException) -> None:
    """An error nobody expected: to the log, and to Sentry where there is one."""
    structlog.get_logger(__name__).error("unexpected error", exc_info=error)
    sentry_sdk.capture_exception(error)


def start_sentry(
    dsn: str | None,
    *,
    release: str | None = None,
    environment: str | None = None,
    transport: type[Transport] | Transport | None = None,
) -> None:
    """Without a DSN nothing starts and reporting does nothing."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        release=release or None,
        environment=environment,
        transport=transport,
        before_send=_bare_event,
        before_send_transaction=lambda _event, _hint: None,
        before_breadcrumb=lambda _crumb, _hint: None,
        max_breadcrumbs=0,
        data_collection=NOTHING,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        attach_stacktrace=False,
        auto_session_tracking=False,
        send_client_reports=False,
        traces_sample_rate=None,
        shutdown_timeout=2,
        server_name="",
        auto_enabling_integrations=False,
        integrations=[
            FlaskIntegration(transaction_style="endpoint"),
            LoggingIntegration(level=None, event_level=None),  # `report` is the one way in
        ],
    )


def _bare_event(event: Any, _hint: Any) -> Any:
    """Built anew from what is allowed, so that whatever a new version of the client adds stays at home."""
    errors = event.get("exception", {}).get("values", [])
    if not errors:
        return None
    kept = ("event_id", "timestamp", "platform", "level", "release", "environment")
    bare = {key: event[key] for key in kept if event.get(key)}
    bare["exception"] = {"values": [_bare_error(error) for error in errors]}
    ids = structlog.contextvars.get_contextvars()
    bare["tags"] = {key: str(ids[key]) for key in TAGS if key in ids and _is_plain(ids[key])}
    if re.fullmatch(r"[a-z_.]+", event.get("transaction") or ""):  # an endpoint, not an address
        bare["transaction"] = event["transaction"]
    return bare


def _bare_error(error: dict[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    kept = ("filename", "module", "function", "lineno", "in_app")
    return {
        "type": error.get("type"),
        "module": error.get("module"),
        "stacktrace": {"frames": [{key: frame.get(key) for key in kept} for frame in frames]},
    }


def _is_plain(value: object) -> bool:
    """Numbers, ids and names of things in the code: one word without spaces or accents."""
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, int | float) or VALUE.fullmatch(str(value)) is not None
