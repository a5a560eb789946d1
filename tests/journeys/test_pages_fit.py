"""Every main page fits a small phone, and can be used from the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.main_pages import MainPage, furnish
from tests.journeys.stage import Stage
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
FOCUSED = "document.activeElement.className + ' ' + document.activeElement.getAttribute('href')"


def test_every_main_page_fits_a_window_of_320_pixels_and_breaks_no_rule_of_access(stage: Stage) -> None:
    wide = []
    for page, visitor in walk(stage, furnish(stage.world)):
        visitor.check()
        if not visitor.fits_a_phone():
            wide.append(page.name)
    assert wide == []


@pytest.mark.parametrize("name", ["record", "member-item", "family-ask", "guest-referral", "front"])
def test_tab_reaches_the_skip_link_first_and_it_leads_to_the_content(stage: Stage, name: str) -> None:
    ((_, visitor),) = walk(stage, [page for page in furnish(stage.world) if page.name == name])
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
    ((_, visitor),) = walk(stage, [page for page in furnish(stage.world) if page.name == name])
    visitor.press(button)
    expect(visitor.page).to_have_title(re.compile("^Error: "))
    expect(visitor.page.locator(".govuk-error-summary")).to_be_focused()
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("input:focus, textarea:focus")).to_have_count(1)


def walk(stage: Stage, pages: list[MainPage]) -> list[tuple[MainPage, Visitor]]:
    """One page after the other, each in the window of whoever opens it."""
    return [(page, visitor) for page in pages for visitor in [open_page(stage, page)]]


def open_page(stage: Stage, page: MainPage) -> Visitor:
    return stage.windows.open(page)
