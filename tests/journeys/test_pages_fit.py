"""Every main page fits a small phone, and can be used from the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.main_pages import furnish, open_page
from tests.journeys.stage import Stage
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
TOO_WIDE_FOR_A_PHONE = "document.querySelector('main').append(Object.assign(document.createElement('p'), {textContent: 'x'.repeat(70)}))"
FOCUSED = "document.activeElement.className + ' ' + document.activeElement.getAttribute('href')"


def test_every_main_page_fits_a_window_of_320_pixels_and_breaks_no_rule_of_access(stage: Stage) -> None:
    wrong = {}
    for page in furnish(stage.world):
        visitor = open_page(stage, page)
        problems = visitor.problems() + visitor.too_wide_for_a_phone()
        if problems:
            wrong[page.name] = problems
            visitor.faults.clear()
    assert not wrong, "\n".join(f"{name}: {problems}" for name, problems in wrong.items())


def test_what_hangs_over_on_a_phone_only_is_noticed(stage: Stage) -> None:
    visitor = one(stage, "front")
    assert visitor.problems() == []
    visitor.page.evaluate(TOO_WIDE_FOR_A_PHONE)
    assert {problem[0] for problem in visitor.problems()} == {"360"}


@pytest.mark.parametrize("name", ["record", "member-item", "family-ask", "guest-referral", "front"])
def test_tab_reaches_the_skip_link_first_and_it_leads_to_the_content(stage: Stage, name: str) -> None:
    visitor = one(stage, name)
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate(FOCUSED) == "govuk-skip-link #main-content"
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#main-content")).to_be_focused()


@pytest.mark.parametrize(
    ("name", "button"),
    [
        ("record-view-new", "Save"),
        ("meeting-plan", "Plan the meeting"),
        ("family-ask", "Send my answer"),
        ("guest-decline", "Decline the referral"),
        ("family-sign-in", "Send me a code"),
    ],
)
def test_after_a_bad_form_the_focus_is_on_what_is_wrong(stage: Stage, name: str, button: str) -> None:
    visitor = one(stage, name)
    visitor.press(button)
    expect(visitor.page).to_have_title(re.compile("^Error: "))
    expect(visitor.page.locator(".govuk-error-summary")).to_be_focused()
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("input:focus, textarea:focus")).to_have_count(1)


def one(stage: Stage, name: str) -> Visitor:
    return open_page(stage, next(page for page in furnish(stage.world) if page.name == name))
