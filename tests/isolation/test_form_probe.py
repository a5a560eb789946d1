"""Every choice of a row in every form, sent with a stranger's id instead: refused just as an id of nothing is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup, Tag

from app.kernel.access import Audience, Role
from infrastructure.database.ids import new_id
from tests.isolation.ground import EVERYBODY, Ground
from tests.isolation.probing import UUIDS, Answer, Knocker, Stranger

KEYS = {"idempotency_key", "csrf_token"}
PLAUSIBLE = {"day": "1", "month": "9", "year": "2030"}
# Which row a choice names, where it is called otherwise than in an address. Agencies are in a public directory.
ROWS = {"documents": "document_id", "present": "person_id", "kept_form": "kept_id"}
PUBLIC = {"agency_id"}
ODD = ("\x00", "9" * 23)
Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """A form of a page, filled in, and the names of those fields that choose a row."""

    page: str
    action: str
    fields: Fields
    choices: frozenset[str]

    def with_answer(self, name: str, value: object) -> Fields:
        return [*((key, old) for key, old in self.fields if key != name), (name, str(value))]


@pytest.mark.parametrize(("audience", "role"), EVERYBODY)
def test_a_strangers_row_cannot_be_chosen(ground: Ground, audience: Audience, role: Role) -> None:
    knocker = ground.knocker(role)
    found = [
        f"{sheet.page} as {role}: {offence}"
        for sheet in _sheets(ground, knocker, audience, role)
        for name in sorted(sheet.choices - PUBLIC)
        for offence in _offences(knocker, sheet, name, ground.strangers_to(audience, role))
    ]
    assert not found, "\n".join(found)


def _offences(knocker: Knocker, sheet: Sheet, name: str, strangers: list[Stranger]) -> Iterator[str]:
    rows = {
        stranger: stranger.ids[label]
        for stranger in strangers
        if (label := ROWS.get(name, name)) in stranger.ids and not stranger.partly
    }
    if not rows:
        yield f"no stranger's row to try {name} with"
    nothing = _send(knocker, sheet, name, new_id())
    for stranger, row in rows.items():
        answer = _send(knocker, sheet, name, row)
        if answer != nothing or answer.says_any_of(stranger.canaries):
            yield f"{name} of {stranger.label}: {answer.status}, {nothing.status} for nothing"


def test_choices_are_found(ground: Ground) -> None:
    """Otherwise there would be nothing to try."""
    sheets = _sheets(ground, ground.knocker(Role.SENDCO), Audience.SCHOOL, Role.SENDCO)
    assert {"class_id", "contact_id", "documents"} <= {name for sheet in sheets for name in sheet.choices}


@pytest.fixture(scope="module")
def sent() -> set[tuple[str, str]]:
    """The fields that have been tried, by where they are sent: once is enough, whoever sends them."""
    return set()


@pytest.mark.parametrize(("audience", "role"), EVERYBODY)
def test_nothing_that_can_be_sent_breaks_the_page(
    ground: Ground, audience: Audience, role: Role, sent: set[tuple[str, str]]
) -> None:
    """No person types these; whoever sends them gets a refusal and not our fault."""
    knocker, broken = ground.knocker(role), []
    for sheet in _sheets(ground, knocker, audience, role):
        for name, _ in sheet.fields:
            if (sheet.action, name) in sent:
                continue
            sent.add((sheet.action, name))
            for odd in ODD:
                status = _send(knocker, sheet, name, odd).status
                if status >= 500:
                    broken.append(f"{sheet.action}: {name} = {odd[:9]!r}: {status}")
    assert not broken, "\n".join(broken)


def _sheets(ground: Ground, knocker: Knocker, audience: Audience, role: Role) -> Iterator[Sheet]:
    own = ground.own[audience]
    for address in ground.closed_addresses(audience, role):
        if address.method == "GET" and not address.unknown_parameters(own):
            path = address.path(address.ids_in(own))
            yield from (_filled(path, form) for form in _forms(knocker.page(path)))


def _forms(html: str) -> list[Tag]:
    return list(BeautifulSoup(html, "html.parser").select("form[method=post]"))


def _filled(page: str, form: Tag) -> Sheet:
    fields: Fields = []
    choices = set()
    for control in form.select("input[name], textarea[name], select[name]"):
        name, value = str(control["name"]), _value(control)
        if name in KEYS:
            continue
        if UUIDS.fullmatch(value):
            choices.add(name)
        is_open = control.get("type") == "radio" and name in dict(fields)
        if not is_open:
            fields.append((name, value))
    return Sheet(page, str(form["action"]), fields, frozenset(choices))


def _value(control: Tag) -> str:
    """What it says already, or something that could be meant."""
    name = str(control["name"])
    if control.name == "select":
        values = [str(option.get("value", "")) for option in control.find_all("option")]
        return next((value for value in reversed(values) if value), "")
    typed = str(control.get("value") or control.get_text()).strip()
    return typed or PLAUSIBLE.get(name.rsplit("-", maxsplit=1)[-1], "1")


def _send(knocker: Knocker, sheet: Sheet, name: str, value: object) -> Answer:
    return knocker.send(re.sub(r"[?#].*", "", sheet.action), sheet.with_answer(name, value))
