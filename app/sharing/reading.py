"""Frozen content as lines that people can read: all of it, nothing left out but fingerprints."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.kernel.money import format_pounds

# Marks for machines, not words: the family reads the name of a document, not its fingerprint.
UNREAD = frozenset({"id", "sha256", "version"})
# In the order in which people read it: jsonb forgets the order in which it was written.
LABELS = {
    "reference": "Reference",
    "child": "Child",
    "pupil": "Child",
    "name": "Name",
    "first_name": "First name",
    "surname": "Surname",
    "born_on": "Date of birth",
    "year_group": "Year",
    "school": "School",
    "school_name": "School",
    "kind": "Kind of help",
    "wanted": "What we ask for",
    "amount_pence": "Money we ask for",
    "terms": "For how many terms",
    "why_now": "Why we ask now",
    "outcomes": "What we hope will change",
    "needs": "What is hard",
    "strengths": "What goes well",
    "tried": "What we have tried",
    "pupil_view": "What the child says",
    "family_view": "What the family says",
    "plan": "The plan",
    "targets": "Targets",
    "provision_cost_pence": "What the help costs the school now",
    "reviewed_cycles": "How many plans we have reviewed",
    "documents": "Documents we send",
}
# Whom all of it is about: its parts need no heading of their own.
ITSELF = frozenset({"pupil", "child"})
WHO = "child"
PLACES = {key: place for place, key in enumerate(LABELS)}
CODE = re.compile(r"[a-z]+(_[a-z]+)*")


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
    for key, value in sorted(content.items(), key=lambda item: PLACES.get(item[0], len(PLACES))):
        if _is_unread(key):
            continue
        if key in ITSELF and isinstance(value, Mapping):
            yield from _lines({WHO if part == "name" else part: said for part, said in value.items()}, within)
        elif isinstance(value, Mapping):
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
    if set(item) == {"title", "outcomes"}:
        return f"{item['title']}: {', then '.join(item['outcomes']) or 'not reviewed yet'}"
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
    return _words(str(value))


def _words(value: str) -> str:
    """A code such as school_to_school is shown as words."""
    plain = value.replace("_", " ")
    return plain[:1].upper() + plain[1:] if CODE.fullmatch(value) else value
