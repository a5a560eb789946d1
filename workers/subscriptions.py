"""What follows from what: one dictionary. An event that nobody waits for still has its line."""

from collections.abc import Callable
from typing import Any

from app.kernel.events import Event
from infrastructure import queue
from workers.errand import Errand

Handler = Callable[[Any, Errand], None]

SUBSCRIPTIONS: dict[type[Event], tuple[Handler, ...]] = {}

# Handlers that open files from outside run in a process of their own.
OPENS_FILES: tuple[Handler, ...] = ()

HANDLERS: dict[str, Handler] = {
    handler.__name__: handler for group in SUBSCRIPTIONS.values() for handler in group
}
HANDLERS_OF: dict[str, tuple[str, ...]] = {
    event.__name__: tuple(handler.__name__ for handler in group) for event, group in SUBSCRIPTIONS.items()
}
QUEUE_OF: dict[str, str] = {handler.__name__: queue.FILES for handler in OPENS_FILES}
