"""The only place where the product reads the time: instants are aware UTC, days are London days."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """This instant, aware and in UTC."""
    return _frozen_at.get() or datetime.now(UTC)


def today() -> date:
    """Today's date in London: from midnight to 1am in summer this is not the date in UTC."""
    return london(now()).date()


def london(instant: datetime) -> datetime:
    """The same instant as a clock on a wall in London shows it."""
    return _aware(instant).astimezone(LONDON)


def instant(day: date, at: time) -> datetime:
    """The UTC instant of a London wall-clock time.

    Of an hour that happens twice, the first is meant; a time in the hour that spring skips moves on an hour.
    """
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def is_over(due_on: date) -> bool:
    """Whether a deadline has passed: something due on a day is in time until that day ends in London."""
    return today() > due_on


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at one instant, in this context only: to test a rule or write the history of a demo."""
    token = _frozen_at.set(_aware(at).astimezone(UTC))
    try:
        yield
    finally:
        _frozen_at.reset(token)


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone")
    return instant
