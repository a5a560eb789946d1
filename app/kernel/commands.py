"""Untrusted input becomes a typed command, or sentences about what to change."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from marshmallow import RAISE, Schema, post_load, pre_load

T = TypeVar("T")


class CommandSchema(Schema, Generic[T]):
    """A schema that ends in a frozen command. Subclasses name it: `command = Submission`."""

    command: ClassVar[type[Any]]

    class Meta:
        unknown = RAISE

    @pre_load
    def _trim(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        # Browsers send "" for an empty box; an absent answer and an empty one are the same to a person.
        trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
        return {name: value for name, value in trimmed.items() if value != ""}

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> T:
        made: T = self.command(**data)
        return made
