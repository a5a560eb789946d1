"""Pictures of pages: whole ones to look at, and some of what the window shows for the README."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=900)
WIDTHS = {"360": PHONE, "1280": DESK}


@dataclass(frozen=True, slots=True)
class Album:
    """`chosen` are the pictures for the README, by name and width: {"pupil-1280"}."""

    folder: Path
    chosen_folder: Path
    chosen: frozenset[str]

    def keep(self, page: Page, name: str) -> None:
        for width, window in WIDTHS.items():
            picture = f"{name}-{width}"
            page.set_viewport_size(window)
            page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
            page.screenshot(path=self.folder / f"{picture}.png", full_page=True)
            if picture in self.chosen:
                page.screenshot(path=self.chosen_folder / f"{picture}.png")
