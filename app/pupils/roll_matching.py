"""Which pupil a row of a file is about. Sure of it, or asked: never guessed, and twins are never one child."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.kernel.names import search_key
from app.pupils.roll_known import KnownPupil
from app.pupils.roll_rows import RollRow
from app.pupils.upn import LETTERS

NEW, SKIP = "new", "skip"
Answers = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Match:
    """A row and its pupil. With a `question` somebody must say which of the candidates it is, or that it is none."""

    row: RollRow
    pupil: KnownPupil | None = None
    question: str | None = None
    candidates: tuple[KnownPupil, ...] = ()
    may_be_new: bool = True
    skipped: bool = False


class _Roll:
    """The pupils there are, by what a file can say of them."""

    def __init__(self, known: Iterable[KnownPupil]) -> None:
        self.by_upn: dict[str, KnownPupil] = {}
        self.by_name: dict[object, dict[UUID, KnownPupil]] = defaultdict(dict)
        self.by_family: dict[object, dict[UUID, KnownPupil]] = defaultdict(dict)
        for pupil in known:
            if pupil.upn:
                self.by_upn[pupil.upn] = pupil
            for surname in pupil.surname_keys:
                self.by_family[surname, pupil.born_on][pupil.id] = pupil
                for forename in pupil.forename_keys:
                    self.by_name[surname, forename, pupil.born_on][pupil.id] = pupil


def match_rows(rows: Sequence[RollRow], known: Iterable[KnownPupil], answers: Answers) -> list[Match]:
    """Every good row with its pupil, none, or a question. An answer counts when it is one of those offered."""
    roll = _Roll(known)
    good = [row for row in rows if row.can_be_added]
    found: dict[int, Match] = {}
    for row in good:
        if row.upn in roll.by_upn:
            found[row.row_number] = _by_upn(row, roll.by_upn[row.upn])
    shared = Counter(map(_name, good))
    for find in (_by_name, _by_family):
        taken = _taken(found.values())
        for row in good:
            if row.row_number not in found and (match := find(row, roll, taken, shared)):
                found[row.row_number] = match
    matches = [found.get(row.row_number, Match(row)) for row in good]
    return _each_once([_answered(match, answers.get(match.row.row_number)) for match in matches])


def _by_upn(row: RollRow, pupil: KnownPupil) -> Match:
    if row.born_on == pupil.born_on or search_key(row.forename) in pupil.forename_keys:
        return Match(row, pupil)
    question = (
        f"This UPN belongs to {pupil.name}, who has another name and date of birth. Is it the same child?"
    )
    return Match(row, question=question, candidates=(pupil,), may_be_new=False)


def _by_name(row: RollRow, roll: _Roll, taken: set[UUID], shared: Mapping[object, int]) -> Match | None:
    pupils = _left(roll.by_name.get(_name(row)), taken)
    if not pupils:
        return None
    if len(pupils) > 1:
        question = "There are several pupils with this name and date of birth. Which of them is it?"
    elif shared[_name(row)] > 1:
        question = f"Several rows have this name and date of birth. Is this one {pupils[0].name}?"
    elif row.upn and pupils[0].upn:
        question = f"{pupils[0].name} has the same date of birth but another UPN. Is it the same child?"
    else:
        return Match(row, pupils[0])
    return Match(row, question=question, candidates=pupils)


def _by_family(row: RollRow, roll: _Roll, taken: set[UUID], _: Mapping[object, int]) -> Match | None:
    family = _left(roll.by_family.get((search_key(row.surname), row.born_on)), taken)
    pupils = tuple(pupil for pupil in family if not _are_two_children(row, pupil))
    if not pupils:
        return None
    names = " and ".join(pupil.name for pupil in pupils)
    question = f"{names} has the same surname and date of birth. Is it the same child, or a twin?"
    return Match(row, question=question, candidates=pupils)


def _are_two_children(row: RollRow, pupil: KnownPupil) -> bool:
    """Two permanent UPNs are two children, however alike they look."""
    return bool(row.upn and row.upn[-1] not in LETTERS and pupil.has_permanent_upn and row.upn != pupil.upn)


def _answered(match: Match, answer: str | None) -> Match:
    if match.question is None or answer is None:
        return match
    if answer == SKIP:
        return replace(match, question=None, skipped=True)
    if answer == NEW and match.may_be_new:
        return replace(match, question=None)
    pupil = next((pupil for pupil in match.candidates if str(pupil.id) == answer), None)
    return match if pupil is None else replace(match, pupil=pupil, question=None)


def _each_once(matches: list[Match]) -> list[Match]:
    """Two rows said to be one child are asked about again."""
    times = Counter(match.pupil.id for match in matches if match.pupil)
    return [_again(match) if match.pupil and times[match.pupil.id] > 1 else match for match in matches]


def _again(match: Match) -> Match:
    assert match.pupil is not None
    question = f"More than one row is said to be {match.pupil.name}. Which row is it?"
    candidates = match.candidates or (match.pupil,)
    return replace(match, pupil=None, question=question, candidates=candidates)


def _name(row: RollRow) -> object:
    return search_key(row.surname), search_key(row.forename), row.born_on


def _left(pupils: Mapping[UUID, KnownPupil] | None, taken: set[UUID]) -> tuple[KnownPupil, ...]:
    return tuple(pupil for pupil in (pupils or {}).values() if pupil.id not in taken)


def _taken(matches: Iterable[Match]) -> set[UUID]:
    return {match.pupil.id for match in matches if match.pupil}
