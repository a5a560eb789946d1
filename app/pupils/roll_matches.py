"""What rows of a roll share: the same UPN is a mistake, the same name needs a look, twins are only noted."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.kernel.names import search_key
from app.pupils.roll_rows import Problem, RollRow

Key = Callable[[RollRow], Hashable | None]


def compare_rows(rows: Sequence[RollRow]) -> Iterator[RollRow]:
    """Each row with what it shares with others; nothing is ever merged because names and birthdays agree."""
    by_upn, by_name, by_family = (_numbers(rows, key) for key in (_upn, _name, _family))
    for row in rows:
        problems, warnings, notes = row.problems, row.warnings, row.notes
        if others := _others(by_upn, _upn, row):
            problems = (*problems, Problem("upn", f"This UPN is also on {others}"))
        if others := _others(by_name, _name, row):
            sentence = f"The pupil on {others} has the same name and date of birth. Check they are two pupils"
            warnings = (*warnings, Problem("surname", sentence))
        elif others := _others(by_family, _family, row):
            sentence = f"Same surname and date of birth as on {others}. They may be twins and are kept apart"
            notes = (*notes, Problem("surname", sentence))
        yield replace(row, problems=problems, warnings=warnings, notes=notes)


def _upn(row: RollRow) -> Hashable | None:
    return row.upn


def _name(row: RollRow) -> Hashable | None:
    return (search_key(row.surname), search_key(row.forename), row.born_on) if row.born_on else None


def _family(row: RollRow) -> Hashable | None:
    return (search_key(row.surname), row.born_on) if row.born_on else None


def _numbers(rows: Sequence[RollRow], key: Key) -> Mapping[Hashable, list[int]]:
    numbers: dict[Hashable, list[int]] = defaultdict(list)
    for row in rows:
        if (shared := key(row)) is not None:
            numbers[shared].append(row.row_number)
    return numbers


def _others(numbers: Mapping[Hashable, list[int]], key: Key, row: RollRow) -> str:
    """The other rows with the same key, as "row 3" or "rows 3, 5 and 9"; nothing when there are none."""
    others = [str(number) for number in numbers.get(key(row), []) if number != row.row_number]
    if len(others) > 1:
        return f"rows {', '.join(others[:-1])} and {others[-1]}"
    return f"row {others[0]}" if others else ""
