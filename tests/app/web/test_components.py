"""Every macro prints the HTML of the GOV.UK Frontend component it stands for, judged by the fixtures of the npm package."""

import json
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

ROOT = Path(__file__).resolve().parents[3]
COMPONENTS = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
TEMPLATES = ROOT / "app" / "web" / "templates"

# Fixtures each macro must match, and at least so many: fewer is a decision, never an accident.
FLOORS = {
    "back-link": 7,
    "breadcrumbs": 12,
    "button": 37,
    "character-count": 30,
    "checkboxes": 42,
    "date-input": 49,
    "details": 10,
    "error-message": 9,
    "error-summary": 19,
    "exit-this-page": 3,
    "fieldset": 18,
    "file-upload": 20,
    "generic-header": 7,
    "hint": 6,
    "input": 45,
    "inset-text": 6,
    "label": 17,
    "notification-banner": 21,
    "pagination": 15,
    "panel": 9,
    "password-input": 11,
    "phase-banner": 7,
    "radios": 43,
    "select": 18,
    "service-navigation": 28,
    "skip-link": 9,
    "summary-list": 30,
    "table": 21,
    "tag": 12,
    "task-list": 11,
    "textarea": 18,
    "warning-text": 8,
}

# Options that no page of ours uses: a fixture that asks for one is left out.
UNUSED_OPTIONS = {
    "character-count": {
        f"{unit}{case}LimitText" for unit in ("characters", "words") for case in ("At", "Over", "Under")
    },
    "exit-this-page": {"activatedText", "timedOutText", "pressOneMoreTimeText", "pressTwoMoreTimesText"},
    "file-upload": {
        "chooseFilesButtonText",
        "dropInstructionText",
        "multipleFilesChosenText",
        "noFileChosenText",
    },
    "panel": {"actions"},
    "password-input": {"showPasswordText", "hidePasswordText"},
    "service-navigation": {"slots"},
}

# Single fixtures that mix options in ways no page of ours does.
UNUSED_FIXTURES = {
    "button": {"start link with html"},
    "character-count": {
        "to configure in JavaScript",
        "with neither maxlength nor maxwords set",
        "with neither maxlength, maxwords nor textarea description set",
    },
    "date-input": {"with field value and items"},
    "panel": {"interruption, no actions", "interruption with custom classes"},
    "select": {"with falsy values"},
}

TRUSTED = {"html", "summaryHtml", "titleHtml", "descriptionHtml", "logoHtml"}
BOOLEAN_ATTRIBUTES = {"checked", "disabled", "hidden", "multiple", "open", "selected"}
SPOKEN_WHOLE = {"a", "button", "label", "legend", "p", "strong"}


@pytest.fixture(scope="module")
def templates() -> Environment:
    """The component templates as Flask loads them: escaping on, missing options quiet."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


@pytest.mark.parametrize("component", sorted(FLOORS))
def test_a_macro_prints_what_the_govuk_component_prints(component: str, templates: Environment) -> None:
    covered = _fixtures_in_use(component)
    macro = _macro(templates, component)
    differing = [
        fixture["name"]
        for fixture in covered
        if _shape(macro(_trusting(fixture["options"]))) != _shape(fixture["html"])
    ]
    assert differing == []
    assert len(covered) >= FLOORS[component]


def test_every_macro_of_ours_that_govuk_also_has_is_compared() -> None:
    ours = {path.stem.replace("_", "-") for path in (TEMPLATES / "web" / "components").glob("*.html")}
    theirs = {path.parent.name for path in _package().glob("*/fixtures.json")}
    assert ours & theirs == set(FLOORS)


def test_the_comparison_sees_a_lost_class_a_lost_word_and_a_lost_space() -> None:
    whole = '<p class="a b">Change<span> name</span></p>'
    assert _shape('<p class="b  a">Change<span> name</span></p>') == _shape(whole)
    assert _shape('<p class="a">Change<span> name</span></p>') != _shape(whole)
    assert _shape('<p class="a b">Change</p>') != _shape(whole)
    assert _shape('<p class="a b">Change<span>name</span></p>') != _shape(whole)


def test_text_is_escaped_and_only_markup_is_printed_as_html(templates: Environment) -> None:
    inset_text = _macro(templates, "inset-text")
    assert "&lt;b&gt;Bold&lt;/b&gt;" in inset_text({"text": "<b>Bold</b>"})
    assert "&lt;b&gt;Bold&lt;/b&gt;" in inset_text({"html": "<b>Bold</b>"})
    assert "<b>Bold</b>" in inset_text({"html": Markup("<b>Bold</b>")})


def test_a_typed_value_comes_back_exactly(templates: Environment) -> None:
    typed = '\nTwo lines\n  & "quotes" <tags>'
    page = _macro(templates, "textarea")({"name": "views", "label": {"text": "Your views"}, "value": typed})
    area = html5lib.parseFragment(page, namespaceHTMLElements=False).find(".//textarea")
    assert area.text == typed


def test_a_wide_table_scrolls_in_a_named_box_that_the_keyboard_can_reach(templates: Environment) -> None:
    page = _macro(templates, "table")({"caption": "Requests", "scroll": True, "rows": [[{"text": "One"}]]})
    assert '<div class="app-scroll" role="region" tabindex="0" aria-label="Requests">' in page


def test_navigation_says_how_many_things_wait_and_says_nothing_of_none(templates: Environment) -> None:
    navigation = _macro(templates, "service-navigation")
    waiting = [
        {"text": "Inbox", "href": "/inbox", "badge": 3},
        {"text": "Pupils", "href": "/pupils", "badge": 0},
    ]
    page = navigation({"navigation": waiting})
    assert page.count("app-count") == 1
    assert "(3 to do)" in page


def test_what_happens_next_says_what_when_and_who(templates: Environment) -> None:
    steps = [{"what": "The panel meets", "when": "Tuesday 14 July", "who": "the locality panel"}]
    page = _macro(templates, "next-steps")({"items": steps})
    for words in ("What happens next", "The panel meets", "Tuesday 14 July", "the locality panel"):
        assert words in page


def test_progress_asks_again_only_while_something_is_still_going_on(templates: Environment) -> None:
    progress = _macro(templates, "progress")
    waiting = progress({"text": "Checking the file", "refreshUrl": "/documents/1"})
    finished = progress({"text": "The file is safe", "state": "done", "refreshUrl": "/documents/1"})
    assert 'data-refresh-url="/documents/1"' in waiting
    assert "Check again" in waiting
    assert "data-done" not in waiting
    assert "data-done" in finished
    assert "data-refresh-url" not in finished


def _package() -> Path:
    if not COMPONENTS.is_dir():
        pytest.fail(
            "govuk-frontend is not installed, so the macros cannot be compared: run `npm ci` in the repository"
        )
    return COMPONENTS


def _fixtures_in_use(component: str) -> list[dict[str, Any]]:
    fixtures = json.loads((_package() / component / "fixtures.json").read_text("utf-8"))["fixtures"]
    options, names = UNUSED_OPTIONS.get(component, set()), UNUSED_FIXTURES.get(component, set())
    return [each for each in fixtures if not options & each["options"].keys() and each["name"] not in names]


def _macro(templates: Environment, component: str) -> Any:
    name = component.replace("-", "_")
    return getattr(templates.get_template(f"web/components/{name}.html").module, name)


def _trusting(options: Any) -> Any:
    """The fixture's options with its HTML marked as ours to trust, the way a view would pass it."""
    if isinstance(options, list):
        return [_trusting(option) for option in options]
    if not isinstance(options, dict):
        return options
    return {
        key: Markup(value) if key in TRUSTED and isinstance(value, str) else _trusting(value)
        for key, value in options.items()
    }


def _shape(html: str) -> Any:
    return _element_shape(html5lib.parseFragment(html, namespaceHTMLElements=False))


def _element_shape(element: Any) -> Any:
    """Tag, attributes and content without the differences that no browser and no screen reader notices."""
    content: list[Any] = [_words(element.text)]
    for child in element:
        if isinstance(child.tag, str):
            content.append(_element_shape(child))
        content.append(_words(child.tail))
    spoken = _words("".join(element.itertext())) if element.tag in SPOKEN_WHOLE else ""
    attributes = sorted(_attribute(name, value) for name, value in element.attrib.items())
    return element.tag, attributes, [part for part in content if part], spoken


def _attribute(name: str, value: str) -> tuple[str, str]:
    if name in BOOLEAN_ATTRIBUTES:
        return name, ""
    return name, " ".join(sorted(value.split())) if name == "class" else value


def _words(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()
