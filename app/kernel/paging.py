"""A page of a long list, with a total order, and where it stands in the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`number` starts at 1. A number out of range is page 1 (ux.md)."""

    items: Sequence[T]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))


def page_number(text: str | None) -> int:
    """The page asked for in a query string; nonsense is page 1."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < int(text) < 100_000 else 1
