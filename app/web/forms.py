"""A form: one schema for page and machine, its values, its errors, and the parameters of its components."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from app.kernel.errors import Invalid
from app.kernel.ids import new_id
from infrastructure.database.door import db

DATE_PARTS = ("day", "month", "year")
# Hidden fields that say which state of a record a page was opened on. Whatever is wrong with one, the form is stale.
SEEN = frozenset({"version", "plan_version", "seen"})
OPENED_BEFORE = "This page was opened before someone changed it. Check it again, then save or send it"


class Form:
    """What a person typed (or what the record says already), kept whatever happens."""

    def __init__(
        self,
        schema: Schema,
        data: MultiDict[str, str] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.schema = schema
        self.values: dict[str, Any] = dict(initial or {}) if data is None else self._read(data)
        self.problems: dict[str, str] = {}
        self.stale = False
        self.key = (data.get("idempotency_key") if data else None) or str(new_id())

    def _read(self, data: MultiDict[str, str]) -> dict[str, Any]:
        return {
            name: self._value(name, field, data)
            for name, field in self.schema.fields.items()
            if self._sent(name, field, data)
        }

    def _sent(self, name: str, field: fields.Field[Any], data: MultiDict[str, str]) -> bool:
        return name in data or (isinstance(field, fields.Date) and f"{name}-year" in data)

    def _value(self, name: str, field: fields.Field[Any], data: MultiDict[str, str]) -> Any:
        if isinstance(field, fields.List):
            return data.getlist(name)
        if isinstance(field, fields.Date) and name not in data:
            return {part: data.get(f"{name}-{part}", "").strip() for part in DATE_PARTS}
        return data[name]

    def submit(self, act: Callable[[Any], Any]) -> bool:
        """Load the command and act on it. False when something must be changed first: see `problems` and `stale`."""
        try:
            command = self.schema.load({name: self._said(value) for name, value in self.values.items()})
            act(command)
            db.session.flush()  # so that what PostgreSQL refuses is refused here and not at the settlement
        except ValidationError as error:
            self.problems = {name: _first(sentences) for name, sentences in _messages(error).items()}
            unseen = SEEN & self.problems.keys()
            self.problems |= dict.fromkeys(unseen, OPENED_BEFORE)
            self.stale = bool(unseen)
        except Invalid as error:
            self.problems = {error.field: error.sentence}
            db.session.rollback()
        except StaleDataError:
            self.stale = True
            db.session.rollback()
        return not self.problems and not self.stale

    @staticmethod
    def _said(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "-".join(value[part] for part in reversed(DATE_PARTS)) if any(value.values()) else ""

    @property
    def errors(self) -> list[dict[str, str]]:
        """For the error summary: the same words as beside the field, in the order of the form."""
        order = {name: place for place, name in enumerate(self.schema.fields)}
        names = sorted(self.problems, key=lambda name: order.get(name, len(order)))
        return [{"text": self.problems[name], "href": f"#{self._anchor(name)}"} for name in names]

    def errors_on(self, body: str) -> list[dict[str, str]]:
        """The same without links to what this page does not show: a hidden field, a question of another page."""
        return [
            error if f'id="{error["href"][1:]}"' in body else {"text": error["text"]} for error in self.errors
        ]

    def _anchor(self, name: str) -> str:
        return f"{name}-day" if isinstance(self.schema.fields.get(name), fields.Date) else name

    def params(self, name: str, **options: Any) -> dict[str, Any]:
        """For input, textarea, select and file upload."""
        value = self.values.get(name)
        return self._common(name, options) | {"value": "" if value is None else str(value)}

    def choice(self, name: str, items: Sequence[Mapping[str, Any]], **options: Any) -> dict[str, Any]:
        """For radios, checkboxes and select: items of {value, text}, the chosen ones marked."""
        held = self.values.get(name)
        chosen = {
            str(value) for value in (held if isinstance(held, (list, tuple, set, frozenset)) else [held])
        }
        marked = [
            {**item, "checked": str(item["value"]) in chosen, "selected": str(item["value"]) in chosen}
            if "value" in item
            else dict(item)
            for item in items
        ]
        return self._common(name, options) | {"idPrefix": name, "items": marked}

    def date(self, name: str, **options: Any) -> dict[str, Any]:
        """For the three boxes of a date that people know."""
        held = self.values.get(name)
        parts = held if isinstance(held, dict) else _parts(held)
        wrong = " govuk-input--error" if name in self.problems else ""
        widths = {"day": 2, "month": 2, "year": 4}
        items = [
            {
                "name": f"{name}-{part}",
                "id": f"{name}-{part}",
                "label": part.capitalize(),
                "value": parts[part],
                "classes": f"govuk-input--width-{widths[part]}{wrong}",
            }
            for part in DATE_PARTS
        ]
        return self._common(name, options) | {"items": items}

    def _common(self, name: str, options: Mapping[str, Any]) -> dict[str, Any]:
        error = {"errorMessage": {"text": self.problems[name]}} if name in self.problems else {}
        return {"id": name, "name": name, **error, **options}


def _messages(error: ValidationError) -> dict[str, Any]:
    messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
    return messages


def _first(sentences: Any) -> str:
    while isinstance(sentences, dict):
        sentences = next(iter(sentences.values()))
    return str(sentences[0] if isinstance(sentences, list) else sentences)


def _parts(held: Any) -> dict[str, str]:
    if held is None:
        return dict.fromkeys(DATE_PARTS, "")
    return {"day": str(held.day), "month": str(held.month), "year": str(held.year)}
