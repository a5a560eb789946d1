"""The fixed words of every template: plain, in the spelling of this country, short where families and agencies read them."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, nodes

from app.kernel.access import Audience, Role
from tests.isolation.ground import Ground, two_partnerships
from tests.services import TestDatabase

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted(
    path for path in (ROOT / "app").glob("*/templates/**/*") if path.suffix in (".html", ".txt")
)
FOR_FAMILIES = (
    "family_portal",
    "accounts/templates/accounts/family",
    "notifications/family.html",
    "agency_portal",
    "mail/letter",
)
MOST_WORDS = 25
HOLE = "\x00"  # where a page puts something of its own
BLOCK = re.compile(
    r"</?(?:p|li|h\d|td|th|dt|dd|div|label|legend|button|summary|option|a|title|caption)\b[^>]*>"
)
AVOIDED = re.compile(
    r"\bclick here\b|[a-z\x00]!|\b(?:color|organiz|recogniz|authoriz|apologiz|analyz|center|behavior|favorite|enroll"
    r"|fulfill|counselor|pediatric|canceled|program |mom\b)",
    re.IGNORECASE,
)
# Letters that stand for words, and what must stand near the first of them.
EXPLAINED = {
    "SENDCO": re.compile(r"teacher who"),
    "EHC": re.compile(r"education, health and care \(EHC\)", re.IGNORECASE),
    "LSS": re.compile(r"Locality SEND Support \(LSS\)"),
    "SENDIASS": re.compile(r"free advice|information, advice and support"),
}
NEAR = 160


def texts(source: str) -> Iterator[str]:
    """Pieces of text as a person reads them: between tags, and in the parameters of components."""
    tree = Environment(extensions=["jinja2.ext.do"], autoescape=True).parse(source)
    markup = "".join(_data(tree))
    for part in BLOCK.split(re.sub(r"<(script|style)\b.*?</\1>", "", markup, flags=re.DOTALL)):
        yield " ".join(unescape(re.sub(r"<[^>]*>", "", part)).split())
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and " " in const.value and "govuk-" not in const.value:
            yield " ".join(unescape(re.sub(r"<[^>]*>", " ", const.value)).split())


def _data(tree: nodes.Template) -> Iterator[str]:
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            yield node.data if isinstance(node, nodes.TemplateData) else HOLE


def sentences(source: str) -> list[str]:
    return [
        part for text in texts(source) for part in re.split(r"(?<=[.?!:])\s+", text) if part.strip(HOLE + " ")
    ]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "app"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_the_words_of_a_template_are_plain(path: Path) -> None:
    found = [text for text in texts(path.read_text()) if AVOIDED.search(text)]
    assert found == []


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if any(part in str(path) for part in FOR_FAMILIES)], ids=name_of
)
def test_sentences_for_families_and_agencies_are_short(path: Path) -> None:
    long = [part for part in sentences(path.read_text()) if len(part.split()) > MOST_WORDS]
    assert long == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Click here</p>",
        "<p>Choose a color</p>",
        '{{ button({"text": "Save your organization"}) }}',
        "<p>Well done!</p>",
        '<p class="govuk-!-margin">{% if x %}Recognized by the school{% endif %}</p>',
    ],
)
def test_a_word_to_avoid_is_noticed(source: str) -> None:
    assert [text for text in texts(source) if AVOIDED.search(text)]


def test_good_words_and_classes_are_let_through() -> None:
    source = '<p class="govuk-!-margin center" style-color="x">The colour of the organisation, your favourite</p>{{ f({"classes": "govuk-! a"}) }}'
    assert not [text for text in texts(source) if AVOIDED.search(text)]


def test_a_long_sentence_is_noticed() -> None:
    words = " ".join(["word"] * 20)
    assert [
        len(part.split()) for part in sentences(f"<p>{words} {{{{ name }}}} {words}. Short one.</p>")
    ] == [41, 2]


def unexplained(html: str) -> list[str]:
    main = BeautifulSoup(html, "html.parser").select_one("main")
    text = " ".join(main.get_text(" ").split()) if main else ""
    missing = []
    for letters, explanation in EXPLAINED.items():
        first = re.search(rf"\b{letters}\b", text)
        if first and not explanation.search(text[max(0, first.start() - NEAR) : first.end() + NEAR]):
            missing.append(letters)
    return missing


def test_unexplained_letters_are_noticed() -> None:
    assert unexplained("<main>Ask the SENDCO.</main>") == ["SENDCO"]
    assert (
        unexplained(
            "<main>Ask the SENDCO. This is the teacher who leads extra help. The SENDCO knows.</main>"
        )
        == []
    )
    assert unexplained("<main>An EHC plan</main>") == ["EHC"]


@pytest.fixture(scope="module")
def ground(database: TestDatabase) -> Iterator[Ground]:
    with two_partnerships(database) as ground:
        yield ground


def test_letters_that_stand_for_words_are_explained_where_families_first_meet_them(ground: Ground) -> None:
    knocker, own = ground.knocker(Role.GUARDIAN), ground.own[Audience.FAMILY]
    found = {}
    for address in ground.closed_addresses(Audience.FAMILY, Role.GUARDIAN):
        if address.method == "GET" and not address.unknown_parameters(own):
            missing = unexplained(knocker.page(address.path(address.ids_in(own))))
            if missing:
                found[address.rule.rule] = missing
    assert found == {}
