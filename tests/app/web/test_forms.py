"""A form that comes back keeps every word, and its error summary leads only to places that are on the page."""

import re
from dataclasses import dataclass

import pytest
from werkzeug.datastructures import MultiDict

from app.kernel.commands import CommandSchema
from app.web.answers import version, words
from app.web.forms import OPENED_BEFORE, Form
from tests.builders.pupils import contact
from tests.world import World

OURS = {
    "name": "Ada Vale-Smith",
    "relationship": "Grandmother",
    "parental_responsibility": "no",
    "priority": "3",
}


@dataclass(frozen=True)
class Note:
    version: int
    words: str


class NoteSchema(CommandSchema[Note]):
    command = Note

    version = version()
    words = words("Enter what you want to say")


@pytest.mark.parametrize("sent", [None, "", "abc", "1.5", "-1", "9" * 30, "9" * 5000])
def test_a_version_that_says_nothing_is_a_stale_form(sent: str | None) -> None:
    form = Form(NoteSchema(), MultiDict({"words": "Hello"} | ({} if sent is None else {"version": sent})))
    acted: list[object] = []
    assert not form.submit(acted.append)
    assert form.stale
    assert form.errors == [{"text": OPENED_BEFORE, "href": "#version"}]
    assert form.params("words")["value"] == "Hello"
    assert acted == []


def test_other_faults_are_told_with_it() -> None:
    form = Form(NoteSchema(), MultiDict({"version": "abc", "words": ""}))
    assert not form.submit(lambda _: None)
    assert [error["text"] for error in form.errors] == [OPENED_BEFORE, "Enter what you want to say"]


def test_another_field_alone_is_not_a_stale_form() -> None:
    form = Form(NoteSchema(), MultiDict({"version": "1", "words": ""}))
    assert not form.submit(lambda _: None)
    assert not form.stale
    assert form.errors == [{"text": "Enter what you want to say", "href": "#words"}]


def test_a_garbled_version_keeps_every_word_and_links_nowhere(world: World) -> None:
    ada = contact(world, world.amara, "Ada Vale")
    address = f"/pupils/{world.amara.id}/contacts/{ada}"
    browser = world.browser(world.sendco)
    response = browser.post(address, OURS | {"version": "abc"})
    assert response.status_code == 409
    assert OPENED_BEFORE in response.text
    assert "#version" not in response.text
    assert 'value="Ada Vale-Smith"' in response.text
    fresh = re.search(r'name="version" value="(\d+)"', response.text)
    assert fresh
    assert browser.post(address, OURS | {"version": fresh[1]}).status_code == 303
    assert world.scalar("select name from contact where id = %s", ada) == "Ada Vale-Smith"


@pytest.mark.parametrize("sent", [{}, {"version": "0"}, {"version": "999999999"}])
def test_no_version_saves_nothing(world: World, sent: dict[str, str]) -> None:
    ada = contact(world, world.amara, "Ada Vale")
    response = world.browser(world.sendco).post(f"/pupils/{world.amara.id}/contacts/{ada}", OURS | sent)
    assert response.status_code == 409
    assert "Saved meanwhile: Ada Vale" in response.text
    assert world.scalar("select name from contact where id = %s", ada) == "Ada Vale"


def test_a_fault_that_is_on_the_page_is_linked(world: World) -> None:
    ada = contact(world, world.amara, "Ada Vale")
    faulty = OURS | {"version": "1", "name": ""}
    response = world.browser(world.sendco).post(f"/pupils/{world.amara.id}/contacts/{ada}", faulty)
    assert response.status_code == 422
    assert '<a href="#name">Enter their full name</a>' in response.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("One line\x0band another", "One line\nand another"),
        ("A para\u2029and more", "A para\nand more"),
        ("No\u200b break", "No break"),
        ("  As typed,\r\n\twith its spaces  ", "  As typed,\r\n\twith its spaces  "),
        ("👩‍👧 and سلام‌علیکم", "👩‍👧 and سلام‌علیکم"),
    ],
)
def test_text_from_a_word_processor_is_kept_readable(typed: str, kept: str) -> None:
    assert words("Enter it").deserialize(typed) == kept
