"""Frozen content as lines that people can read: all of it, in its own order, nothing left out but fingerprints."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.kernel.money import format_pounds

# Marks for machines, not words: the family reads the name of a document, not its fingerprint.
UNREAD = frozenset({"id", "sha256", "version"})
LABELS = {
    "amount_pence": "Money we ask for",
    "documents": "Documents we send",
    "family_view": "What the family says",
    "needs": "What is hard",
    "outcomes": "What we hope will change",
    "provision_cost_pence": "What the help costs the school now",
    "pupil_view": "What the child says",
    "reviewed_cycles": "How many plans we have reviewed",
    "strengths": "What goes well",
    "terms": "For how many terms",
    "tried": "What we have tried",
    "wanted": "What we ask for",
    "why_now": "Why we ask now",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that would be shared; `items` when it is a list."""

    label: str
    text: str = ""
    items: tuple[str, ...] = ()


def lines_of(content: Mapping[str, Any]) -> list[Line]:
    """Everything that the guest would read, with the labels that the family sees."""
    return list(_lines(content, ()))


def _lines(content: Mapping[str, Any], within: tuple[str, ...]) -> Iterator[Line]:
    for key, value in content.items():
        if _is_unread(key):
            continue
        if isinstance(value, Mapping):
            yield from _lines(value, (*within, _label(key)))
        elif isinstance(value, list):
            yield Line(": ".join((*within, _label(key))), items=tuple(_sentence(item) for item in value))
        else:
            yield Line(": ".join((*within, _label(key))), text=_text(key, value))


def _is_unread(key: str) -> bool:
    return key in UNREAD or key.endswith("_id")


def _label(key: str) -> str:
    words = key.replace("_", " ").removesuffix(" pence").strip()
    return LABELS.get(key, words[:1].upper() + words[1:])


def _sentence(item: Any) -> str:
    """One entry of a list: of a document its title, of anything with parts all its parts."""
    if not isinstance(item, Mapping):
        return _text("", item)
    if "sha256" in item:
        return str(item.get("title") or item.get("filename"))
    parts = (f"{line.label}: {line.text or ', '.join(line.items)}" for line in lines_of(item))
    return " · ".join(parts)


def _text(key: str, value: Any) -> str:
    if value is None or value == "":
        return "Nothing"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if key.endswith("_pence") and isinstance(value, int):
        return format_pounds(value)
    if key.endswith("_on") and isinstance(value, str):
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    return str(value)
