"""What would happen if a file were imported now: the same sums for looking and for doing."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.pupils.roll_changes import Changes, compare, first_entry
from app.pupils.roll_known import KnownPupil
from app.pupils.roll_matching import Answers, Match, match_rows
from app.pupils.roll_rows import Problem, RollRow

LONGEST_CLASS = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with its pupil (None: a new one) and what it would change."""

    row: RollRow
    pupil: KnownPupil | None
    changes: Changes


@dataclass(frozen=True, slots=True)
class Plan:
    """Each row of the file in exactly one list; those on the roll whom the file does not name."""

    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    unchanged: tuple[Entry, ...]
    asked: tuple[Match, ...]
    skipped: tuple[Match, ...]
    problems: tuple[RollRow, ...]
    missing: tuple[KnownPupil, ...]

    @property
    def has_work(self) -> bool:
        return bool(self.new or self.changed or self.asked)

    @property
    def fingerprint(self) -> str:
        """The same as long as it would do the same: a roll that changed meanwhile is looked at again."""
        done = [
            (e.row.row_number, e.pupil and (e.pupil.id, e.pupil.version), e.changes)
            for e in self.new + self.changed
        ]
        asked = [(m.row.row_number, [pupil.id for pupil in m.candidates]) for m in self.asked]
        return hashlib.sha256(repr((done, asked)).encode()).hexdigest()


def plan_import(rows: Sequence[RollRow], known: Sequence[KnownPupil], answers: Answers, today: date) -> Plan:
    rows = [_fit_for_us(row) for row in rows]
    matches = match_rows(rows, known, answers)
    asked = tuple(match for match in matches if match.question)
    skipped = tuple(match for match in matches if match.skipped)
    entries = [_entry(match, today) for match in matches if not (match.question or match.skipped)]
    old = [entry for entry in entries if entry.pupil]
    return Plan(
        new=tuple(entry for entry in entries if not entry.pupil),
        changed=tuple(entry for entry in old if entry.changes),
        unchanged=tuple(entry for entry in old if not entry.changes),
        asked=asked,
        skipped=skipped,
        problems=tuple(row for row in rows if row.problems),
        missing=tuple(_missing(known, matches)),
    )


def _entry(match: Match, today: date) -> Entry:
    changes = compare(match.row, match.pupil) if match.pupil else first_entry(match.row, today)
    return Entry(match.row, match.pupil, changes)


def _fit_for_us(row: RollRow) -> RollRow:
    if len(row.class_name) <= LONGEST_CLASS:
        return row
    sentence = f"Class must be {LONGEST_CLASS} characters or fewer"
    return replace(row, problems=(*row.problems, Problem("class_name", sentence)))


def _missing(known: Iterable[KnownPupil], matches: Iterable[Match]) -> Iterable[KnownPupil]:
    named = {match.pupil.id for match in matches if match.pupil}
    named |= {pupil.id for match in matches for pupil in match.candidates}
    return (pupil for pupil in known if pupil.left_on is None and pupil.id not in named)
