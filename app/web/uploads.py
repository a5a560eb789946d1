"""Views that take files: every other form stays small."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

V = TypeVar("V", bound=Callable[..., Any])

MEGABYTE = 1024 * 1024
# Beyond the largest file: the rest of its form, and a file a little too large, which is answered beside its field.
ROOM = 5 * MEGABYTE

_limits: dict[Callable[..., Any], int] = {}


def accepts_files(max_bytes: int) -> Callable[[V], V]:
    """A request for this view may be this large, all parts of its form together: its largest file and ROOM."""

    def mark(view: V) -> V:
        _limits[view] = max_bytes
        return view

    return mark


def allow_size() -> None:
    """Before anything reads the form: the check of its token would already refuse a large one."""
    limit = _limit()
    if limit is not None:
        request.max_content_length = limit


def too_large() -> str:
    """What was too large, and how large it may be."""
    limit = _limit()
    if limit is None:
        return "What you wrote is too long to send. Make it shorter."
    return f"The file must be smaller than {(limit - ROOM) // MEGABYTE}MB. Choose a smaller file."


def _limit() -> int | None:
    return _limits.get(current_app.view_functions[request.endpoint]) if request.endpoint else None
