"""Every choice of a row in every form, sent with a stranger's id instead: refused just as an id of nothing is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from bs4 import BeautifulSoup, Tag

from app.kernel.access import Audience, Role
from infrastructure.database.ids import new_id
from tests.isolation.ground import BY_AUDIENCE, EVERYBODY, Ground
from tests.isolation.probing import UUIDS, Answer, Knocker

KEYS = {"idempotency_key", "csrf_token"}
PLAUSIBLE = {"day": "1", "month": "9", "year": "2030"}
Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """A form of a page, filled in, and the names of those fields that choose a row."""

    page: str
    action: str
    fields: Fields
    choices: frozenset[str]

    def with_choice(self, name: str, value: UUID) -> Fields:
        return [*((key, old) for key, old in self.fields if key != name), (name, str(value))]


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The forms with choices that some test has found."""
    return set()


@pytest.mark.parametrize(("audience", "role"), EVERYBODY)
def test_a_strangers_row_cannot_be_chosen(
    ground: Ground, audience: Audience, role: Role, seen: set[str]
) -> None:
    knocker = ground.knocker(role)
    offences = []
    for sheet in _sheets(ground, knocker, audience, role):
        seen.add(f"{audience} {sheet.action}")
        for name in sheet.choices:
            nothing = _send(knocker, sheet, name, new_id())
            for stranger in ground.strangers_to(audience, role):
                if stranger.partly:
                    continue
                for label, row in stranger.ids.items():
                    answer = _send(knocker, sheet, name, row)
                    if answer != nothing or answer.says_any_of(stranger.canaries):
                        offences.append(
                            f"{sheet.page}: {name} = {label} of {stranger.label} as {role}: "
                            f"{answer.status}, {nothing.status} for nothing"
                        )
    assert not offences, "\n".join(offences)


def test_there_were_choices_to_try(seen: set[str]) -> None:
    assert len(seen) >= len(BY_AUDIENCE), seen


def _sheets(ground: Ground, knocker: Knocker, audience: Audience, role: Role) -> Iterator[Sheet]:
    own = ground.own[audience]
    for address in ground.closed_addresses(audience, role):
        if address.method == "GET" and not address.unknown_parameters(own):
            path = address.path(address.ids_in(own))
            for form in _forms(knocker.page(path)):
                sheet = _filled(path, form)
                if sheet.choices:
                    yield sheet


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


def _send(knocker: Knocker, sheet: Sheet, name: str, value: UUID) -> Answer:
    return knocker.send(re.sub(r"[?#].*", "", sheet.action), sheet.with_choice(name, value))
