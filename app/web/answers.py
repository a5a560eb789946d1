"""Kinds of answer that forms ask for, each with the sentence that says what to do instead."""

import re
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

from app.kernel import money
from app.kernel.names import readable

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


class _Words(fields.String):
    """Text as typed, without what only a word processor or nobody can see."""

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> Any:
        text = super()._deserialize(value, *rest, **options)
        return readable(text) if isinstance(text, str) else text


def words(
    missing: str, *, most: int = 10_000, label: str = "Your answer", required: bool = True
) -> fields.String:
    """Free text of at most `most` characters. `missing` says what to enter, `label` begins the sentence on length."""
    extra: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    said: dict[str, Any] = {"required": missing, "null": missing, "invalid": missing}
    return _Words(
        validate=validate.Length(max=most, error=f"{label} must be {most:,} characters or fewer"),
        error_messages=said,
        **extra,
    )


def one_of(choices: Any, missing: str, *, required: bool = True) -> fields.String:
    """One of a set of values; anything else is answered like no answer."""
    common: dict[str, Any] = {"required": missing, "null": missing, "invalid": missing}
    rule = validate.OneOf(list(choices), error=missing)
    if required:
        return fields.String(required=True, validate=rule, error_messages=common)
    return fields.String(load_default=None, allow_none=True, validate=rule, error_messages=common)


class DateOf(fields.Date):
    """A real date from three boxes ("2026-mar-9" is fine) or ISO. `label` begins every sentence: "Review date"."""

    def __init__(self, label: str, **options: Any) -> None:
        self.label = label
        sentence = f"{label} must include a day, a month and a year"
        super().__init__(
            error_messages={"required": f"Enter the {label[0].lower()}{label[1:]}", "null": sentence},
            **options,
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        parts = str(value).strip().split("-")
        if len(parts) != 3 or not all(parts):
            raise ValidationError(f"{self.label} must include a day, a month and a year")
        year, month, day = (part.strip() for part in parts)
        if not re.fullmatch(r"\d{4}", year):
            raise ValidationError(f"{self.label} must include a year with 4 numbers")
        try:
            return date(int(year), MONTHS.get(month[:3].lower()) or int(month), int(day))
        except (ValueError, OverflowError):
            raise ValidationError(f"{self.label} must be a real date") from None


class Pounds(fields.Integer):
    """An amount of money as people type it; pence inside."""

    def __init__(self, missing: str, **options: Any) -> None:
        super().__init__(error_messages={"required": missing, "null": missing}, **options)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        try:
            return money.parse_pounds(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class Whole(fields.Integer):
    """A whole number between two bounds, both in the sentence."""

    def __init__(self, label: str, least: int, most: int, **options: Any) -> None:
        sentence = f"{label} must be a whole number between {least:,} and {most:,}"
        super().__init__(
            strict=True,
            validate=validate.Range(least, most, error=sentence),
            error_messages={
                "required": f"Enter {label[0].lower()}{label[1:]}",
                "null": sentence,
                "invalid": sentence,
            },
            **options,
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        text = str(value).strip().replace(",", "")
        if not re.fullmatch(r"\d{1,9}", text):
            raise self.make_error("invalid")
        return int(text)


def version(*, required: bool = True) -> Whole:
    """Which state of a record its page was opened on. No record has 0: who says nothing has seen none of them."""
    extra: dict[str, Any] = {"required": True} if required else {"load_default": 0}
    return Whole("Version", 0, 999_999_999, **extra)
