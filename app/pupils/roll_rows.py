"""One row of a school's roll: what was read, what must be put right first, and what is only worth a look."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from app.kernel import clock
from app.kernel.names import search_key
from app.pupils import roll_values
from app.pupils.upn import check_upn
from app.settings import codes

LONGEST_CELL = 200

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_OLDEST = 26
# What schools write for a code, beside the code itself and its name.
_PROVISION_WORDS = {
    "ehcp": "E", "ehc plan": "E", "ehc": "E", "send support": "K", "support": "K", "none": "N", "no": "N",
    "no special educational need": "N", "no special educational needs": "N",
}  # fmt: skip
_NEED_WORDS = {
    "autistic spectrum disorder": "ASD", "autism spectrum disorder": "ASD", "autistic": "ASD",
    "downs syndrome": "DS", "other difficulty": "OTH", "other": "OTH",
}  # fmt: skip

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence about one field of a row; the same shape for warnings and notes."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RollContact:
    """An adult on the file; what it says about parental responsibility is None when it says nothing."""

    name: str
    relationship: str
    email: str
    phone: str
    has_pr: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RollRow:
    """A pupil as the file has them. With problems the row waits; warnings and notes do not stop it.

    `typed` keeps each cell as it was written, so a page can show it beside the problem.
    """

    row_number: int
    upn: str | None
    surname: str
    forename: str
    preferred_surname: str
    preferred_forename: str
    born_on: date | None
    year_group: str | None
    class_name: str
    sen_provision: str | None
    needs: tuple[str, ...]
    contacts: tuple[RollContact, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def can_be_added(self) -> bool:
        return not self.problems


def read_row(row_number: int, cells: Mapping[str, str]) -> RollRow:
    """The row on its own; what it shares with other rows is found later."""
    reader = _RowReader(cells)
    sen_provision = reader.provision()
    return RollRow(
        row_number=row_number,
        upn=reader.upn(),
        surname=reader.name("surname", "Enter the pupil’s surname"),
        forename=reader.name("forename", "Enter the pupil’s forename"),
        preferred_surname=reader.text("preferred_surname"),
        preferred_forename=reader.text("preferred_forename"),
        born_on=reader.born_on(),
        year_group=reader.year_group(),
        class_name=reader.text("class_name"),
        sen_provision=sen_provision,
        needs=reader.needs(sen_provision),
        contacts=tuple(filter(None, (reader.contact(1), reader.contact(2)))),
        problems=(*reader.too_long(), *reader.problems),
        warnings=tuple(reader.warnings),
        typed=dict(cells),
    )


class _RowReader:
    """Reads the cells of one row and gathers what it has to say about them."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self._today = clock.today()
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def text(self, field: str) -> str:
        return self._cells.get(field, "")

    def name(self, field: str, sentence: str) -> str:
        if not search_key(self.text(field)):
            self._problem(field, sentence)
        return self.text(field)

    def upn(self) -> str | None:
        text = self.text("upn")
        if not text:
            self._warn("upn", "There is no UPN. You can add it later")
            return None
        result = check_upn(text)
        if result.problem:
            self._problem("upn", result.problem)
        if result.warning:
            self._warn("upn", result.warning)
        if result.is_temporary:
            self._warn("upn", "This is a temporary UPN. Change it when the permanent one comes")
        return result.upn

    def born_on(self) -> date | None:
        if not self.text("born_on"):
            self._problem("born_on", "Enter the pupil’s date of birth")
            return None
        born_on = self._parsed("born_on", lambda text: roll_values.parse_date(text, what="Date of birth"))
        if born_on and born_on >= self._today:
            self._problem("born_on", "Date of birth must be in the past")
        elif born_on and self._today.year - born_on.year >= _OLDEST:
            self._warn("born_on", f"Born in {born_on.year}. Check the year is right")
        return born_on

    def year_group(self) -> str | None:
        if not self.text("year_group"):
            self._warn("year_group", "There is no year group. You can add it later")
            return None
        return self._parsed("year_group", roll_values.parse_year_group)

    def provision(self) -> str | None:
        text = self.text("sen_provision")
        if not text:
            return None
        word = _PROVISION_WORDS.get(search_key(text), text)
        if code := codes.find_provision_code(word, self._today):
            return code.code
        if codes.is_old_provision_code(word, self._today):
            self._warn(
                "sen_provision", f"{_quoted(text)} is an old SEN status, no longer used. Choose N, K or E"
            )
        else:
            self._warn("sen_provision", f"{_quoted(text)} is an unrecognised SEN status. Choose N, K or E")
        return None

    def needs(self, sen_provision: str | None) -> tuple[str, ...]:
        found = [code for code in (self._need("need_1"), self._need("need_2")) if code]
        if found and sen_provision == "N":
            self._warn("sen_provision", "The SEN status is no SEN, but a need is given. Check which is right")
        return tuple(dict.fromkeys(found))

    def contact(self, number: int) -> RollContact | None:
        prefix = f"contact_{number}_"
        name, relationship, email, phone, pr = (
            self.text(prefix + part) for part in ("name", "relationship", "email", "phone", "pr")
        )
        if not any((name, relationship, email, phone)):
            return None
        if not name:
            self._warn(prefix + "name", f"Contact {number} has no name")
        if email and not _EMAIL.fullmatch(email):
            self._warn(prefix + "email", "Email address must be in the correct format, like name@example.com")
        return RollContact(name, relationship, email, phone, self._has_pr(prefix + "pr", pr, number))

    def too_long(self) -> list[Problem]:
        sentence = f"Shorten this to {LONGEST_CELL} characters or fewer"
        return [Problem(field, sentence) for field, text in self._cells.items() if len(text) > LONGEST_CELL]

    def _need(self, field: str) -> str | None:
        text = self.text(field)
        if not text:
            return None
        need = codes.find_need_code(_NEED_WORDS.get(search_key(text), text), self._today)
        if need is None:
            self._warn(
                field,
                f"{_quoted(text)} is an unrecognised need code. Choose the need when you check the pupil",
            )
        return need.code if need else None

    def _has_pr(self, field: str, text: str, number: int) -> bool | None:
        try:
            return roll_values.parse_yes_no(text)
        except ValueError as error:
            self._warn(field, f"Parental responsibility of contact {number} {error}")
            return None

    def _parsed(self, field: str, parse: Callable[[str], Value]) -> Value | None:
        try:
            return parse(self.text(field))
        except ValueError as error:
            self._problem(field, str(error))
            return None

    def _problem(self, field: str, sentence: str) -> None:
        self.problems.append(Problem(field, sentence))

    def _warn(self, field: str, sentence: str) -> None:
        self.warnings.append(Problem(field, sentence))


def _quoted(text: str) -> str:
    return f'"{text[:40]}"'
