"""Unique pupil numbers: 13 characters that carry their own check letter.

Check letter, authority (3), establishment (4), year (2), serial (3). A temporary number ends in a letter,
while the school waits for the real one.
"""

import re
from dataclasses import dataclass

from app.kernel.names import tidy
from app.settings import codes

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # no I, O or S: they are too like 1, 0 and 5
LENGTH = 13

_SHAPE = re.compile(rf"[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]")
_PLACEHOLDER = re.compile(r"UN[1-5]")


@dataclass(frozen=True, slots=True)
class UpnResult:
    """What was found: `upn` is the number as it should be stored, and None unless `ok`."""

    ok: bool
    upn: str | None
    warning: str | None = None
    problem: str | None = None

    @property
    def is_temporary(self) -> bool:
        return self.upn is not None and self.upn[-1] in LETTERS


def check_upn(text: str) -> UpnResult:
    """Read a UPN as typed or pasted, spaces and small letters allowed; an odd authority is only a warning."""
    upn = "".join(tidy(text).split()).upper()
    problem = _problem(upn)
    if problem is not None:
        return UpnResult(ok=False, upn=None, problem=problem)
    return UpnResult(ok=True, upn=upn, warning=_warning(upn))


def check_letter(tail: str) -> str:
    """The letter that belongs in front of the other twelve characters."""
    total = sum(position * _value(character) for position, character in enumerate(tail, start=2))
    return LETTERS[total % len(LETTERS)]


def _problem(upn: str) -> str | None:
    if not upn:
        return "Enter a UPN"
    if _PLACEHOLDER.fullmatch(upn):
        return "UN1 to UN5 only stand in for a missing UPN. Leave the UPN blank until you know it"
    if len(upn) != LENGTH:
        return f"UPN must have {LENGTH} characters, like G999200126001"
    if not _SHAPE.fullmatch(upn):
        return "UPN must be a letter and 12 numbers, like G999200126001. Only the last one can be a letter"
    if check_letter(upn[1:]) != upn[0]:
        return "UPN has a first letter that does not fit its numbers. Check it for a typing mistake"
    return None


def _warning(upn: str) -> str | None:
    authority = upn[1:4]
    if codes.is_known_local_authority(authority):
        return None
    return f"UPN starts with local authority number {authority}, which is not on our list. Check it is right"


def _value(character: str) -> int:
    return int(character) if character.isdigit() else LETTERS.index(character)
