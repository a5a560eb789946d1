"""Every page of a family can be read by a child of nine: short sentences, easy words, no unexplained letters."""

import re

import pytest
from bs4 import BeautifulSoup

from infrastructure.database.ids import new_id
from tests.app.family_portal.test_plan_and_views import end
from tests.builders.plans import shared_plan
from tests.builders.sharing import asked, consented
from tests.world import World

MOST_WORDS = 25
MOST_GRADE = 6
BLOCKS = "main p, main li, main h1, main h2, main h3, main label, main legend, main dt"


def sentences(html: str) -> list[str]:
    page = BeautifulSoup(html, "html.parser")
    blocks = [
        " ".join(block.get_text(" ").split()) for block in page.select(BLOCKS) if not block.find(["p", "li"])
    ]
    return [part for block in blocks for part in re.split(r"(?<=[.?!:])\s+", block) if part]


@pytest.fixture
def pages(world: World) -> dict[str, str]:
    open_ask, answered, refused, closed = (asked(world, world.amara, world.ashmere) for _ in range(4))
    consented(world, world.amara, answered)
    consented(world, world.amara, refused, given=False)
    world.execute("update consent_ask set closed_at = now() where id = %s", closed)
    shared_plan(world, world.amara)
    end(world, shared_plan(world, world.noor, world.other_sendco))
    rest = ("", "/plan", "/views", "/consents", *(f"/consents/{key}" for key in (open_ask, answered, refused, closed)),
            f"/consents/{answered}/withdrawal", "/documents", "/readers")  # fmt: skip
    browser, links = world.browser(world.mother), world.mother.links
    child, ended = f"/children/{links['amara']}", f"/children/{links['noor']}"
    own = {path: browser.get(f"{child}{path}").text for path in rest}
    own |= {f"ended{path}": browser.get(f"{ended}{path}").text for path in ("", "/plan")}
    own["not sent"] = browser.post(
        f"{child}/plans/{new_id()}/agreement", {"comment": "Shorter, please."}
    ).text
    return own | {"home": browser.get("/").text, "nobody": world.browser(world.barred).get("/").text}


def test_no_sentence_is_longer_than_25_words(pages: dict[str, str]) -> None:
    long = [
        (name, part)
        for name, page in pages.items()
        for part in sentences(page)
        if len(part.split()) > MOST_WORDS
    ]
    assert long == []


def syllables(word: str) -> int:
    """Near enough for English: groups of vowels, without a silent e."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeioul])e(s|d)?$", "", plain))))


def grade(parts: list[str]) -> float:
    """The Flesch-Kincaid grade: school years in America, six is about eleven years old."""
    words = [word for part in parts for word in part.split() if re.search("[A-Za-z]", word)]
    return 0.39 * len(words) / len(parts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_tells_easy_words_from_hard_ones() -> None:
    easy = "The school asks you first. You can say no."
    hard = "Organisational considerations necessitate comprehensive documentation."
    assert grade(sentences(f"<main><p>{easy}</p></main>")) < 2
    assert grade(sentences(f"<main><p>{hard}</p></main>")) > 20


def test_the_words_are_easy(pages: dict[str, str]) -> None:
    grades = {name: round(grade(sentences(page)), 1) for name, page in pages.items()}
    assert {name: found for name, found in grades.items() if found > MOST_GRADE} == {}


def test_every_page_says_what_happens_next_and_who_to_ask(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        assert "Who to ask" in page, name
        assert "SENDIASS" in page, name
        assert "What happens next" in page or name in ("home", "nobody"), name


def test_letters_that_stand_for_words_are_explained(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        text = " ".join(BeautifulSoup(page, "html.parser").select_one("main").get_text(" ").split())  # type: ignore[union-attr]
        if "EHC" in text:
            assert "education, health and care (EHC)" in text, name
        if "SENDCO" in text:
            assert "the teacher who leads extra help for children" in text, name
