"""A person at a real browser: opens, reads, fills and presses; every page is checked for access and for errors."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Response,
    ViewportSize,
    sync_playwright,
)

from tests.journeys.album import DESK, PHONE, WIDTHS, Album

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
USUAL = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDE = """() => {
  const root = document.documentElement
  if (root.scrollWidth <= root.clientWidth) return []
  const wide = [...document.querySelectorAll('body *')].filter(one =>
    one.getBoundingClientRect().right > root.clientWidth && !one.closest('.app-scroll'))
  return ['too wide', ...wide.slice(0, 4).map(one => one.outerHTML.slice(0, 150))]
}"""
NARROW = ViewportSize(width=320, height=640)


def find_chromium() -> str | None:
    """The browser named by CHROMIUM, or one in the usual places."""
    return next(
        (path for path in (os.environ.get("CHROMIUM", ""), *USUAL) if path and Path(path).exists()), None
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        yield browser
        browser.close()


def _launch(playwright: Playwright) -> Browser:
    path = find_chromium()
    assert path, "No Chromium: set CHROMIUM, or on Debian: apt-get install chromium"
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


class Visitor:
    """One person with one browser window. `album` keeps a picture of every page that `look` was asked for."""

    def __init__(self, browser: Browser, *, javascript: bool = True, album: Album | None = None) -> None:
        self.javascript = javascript
        self.album = album
        self.faults: list[str] = []
        self.context = browser.new_context(
            viewport=DESK if javascript else PHONE,
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium writes an error for each page that answers 4xx: those are asked for on purpose.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.faults.append(message.text)

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    def open(self, address: str) -> "Visitor":
        self.page.goto(address)
        return self.check()

    def click(self, name: str | re.Pattern[str]) -> "Visitor":
        """A link, by its words."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()
        return self.check()

    def press(self, name: str | re.Pattern[str]) -> "Visitor":
        """A button, by its words."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()
        return self.check()

    def fill(self, label: str | re.Pattern[str], words: str) -> "Visitor":
        self._field(label).fill(words)
        return self

    def choose(self, label: str | re.Pattern[str]) -> "Visitor":
        """A radio or checkbox, by its words."""
        self._field(label).check()
        return self

    def select(self, label: str | re.Pattern[str], words: str) -> "Visitor":
        self._field(label).select_option(label=words)
        return self

    def date(self, group: str, day: int, month: int, year: int) -> "Visitor":
        box = self.page.get_by_role("group", name=re.compile(group))
        for part, value in (("Day", day), ("Month", month), ("Year", year)):
            box.get_by_label(part).fill(str(value))
        return self

    def _field(self, label: str | re.Pattern[str]) -> Locator:
        return self.page.locator("input, textarea, select").and_(self.page.get_by_label(label)).first

    def sees(self, words: str) -> bool:
        return words in self.page.locator("body").inner_text()

    def shows(self, *words: str) -> "Visitor":
        for part in words:
            assert self.sees(part), (part, self.page.url, self.read())
        return self

    def hides(self, *words: str) -> "Visitor":
        for part in words:
            assert not self.sees(part), (part, self.page.url, self.read())
        return self

    def read(self) -> str:
        return str(self.page.locator("main").inner_text())

    def sign_in_with(self, host: str, token: str) -> "Visitor":
        """Put a session's cookie into the browser, as signing in would have."""
        self.context.add_cookies(
            [
                {
                    "name": "__Host-session",
                    "value": token,
                    "url": f"https://{host}",
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )
        return self

    def check(self) -> "Visitor":
        """No error in the console and, on a phone as on a desk, no violation of WCAG and nothing that hangs over."""
        problems = self.problems()
        assert problems == [], (self.page.url, problems)
        return self

    def problems(self) -> list[Any]:
        return [*self.faults, *(self._misfits() if self.javascript else [])]

    def _misfits(self) -> list[Any]:
        """What is wrong at each width; the window is as wide as before at the end."""
        self.page.evaluate(AXE.read_text())
        found: list[Any] = []
        for width, window in WIDTHS.items():
            self.page.set_viewport_size(window)
            found += [(width, *fault) for fault in self._axe()]
            found += [(width, wide) for wide in self.page.evaluate(WIDE)]
        self.page.set_viewport_size(DESK)
        return found

    def _axe(self) -> list[Any]:
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            (fault["id"], [node["html"][:200] for node in fault["nodes"][:3]])
            for fault in found["violations"]
        ]

    def look(self, name: str) -> "Visitor":
        """A picture for the album, if there is one."""
        if self.album is not None:
            self.album.keep(self.page, name)
        return self

    def too_wide_for_a_phone(self) -> list[str]:
        """What makes the whole page scroll sideways; a table may scroll in its own box."""
        self.page.set_viewport_size(NARROW)
        wide: list[str] = self.page.evaluate(WIDE)
        self.page.set_viewport_size(DESK)
        return wide

    def close(self) -> None:
        self.context.close()
