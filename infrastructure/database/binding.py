"""What a transaction must say before anything else: who it acts for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, TextClause


class NotBound(Exception):
    """The binding statement found nobody to act for. Nothing was bound, so nothing can be read."""


class Rebound(Exception):
    """A unit of work tried to act for somebody else half way. Open another one instead."""


@dataclass(slots=True, eq=False)
class Binding:
    """One statement that sets role, tenant, person and scope for the current transaction only."""

    statement: TextClause
    parameters: Mapping[str, Any]
    read_only: bool = False
    row: Row[Any] | None = field(default=None, repr=False)

    def accept(self, row: Row[Any] | None) -> None:
        if row is None:
            raise NotBound
        if self.row is not None and self.row[0] != row[0]:
            raise Rebound
        self.row = row


_current: ContextVar[Binding | None] = ContextVar("binding", default=None)


def current() -> Binding | None:
    return _current.get()


def assume(binding: Binding | None) -> None:
    """For an edge that cannot use `with`: a request assumes its binding and lays it down at teardown."""
    _current.set(binding)


@contextmanager
def bound(binding: Binding | None) -> Iterator[Binding | None]:
    """Everything that begins inside acts under this binding."""
    token = _current.set(binding)
    try:
        yield binding
    finally:
        _current.reset(token)
