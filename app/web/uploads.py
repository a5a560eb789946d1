"""Views that take files: every other form stays small."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

V = TypeVar("V", bound=Callable[..., Any])

_limits: dict[Callable[..., Any], int] = {}


def accepts_files(max_bytes: int) -> Callable[[V], V]:
    """A request for this view may be this large, all parts of its form together."""

    def mark(view: V) -> V:
        _limits[view] = max_bytes
        return view

    return mark


def allow_size() -> None:
    """Before anything reads the form: the check of its token would already refuse a large one."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view in _limits:
        request.max_content_length = _limits[view]
