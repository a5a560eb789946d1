"""In a real browser: the script sends the file past the service, and without it the same form does the same."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.builders.documents import LETTER
from tests.journeys.visitor import Visitor, chromium
from tests.live import Live, live_service
from tests.services import TestDatabase
from tests.world import World

pytestmark = pytest.mark.browser
CHECKED = re.compile("no problems found")


@pytest.fixture(scope="module")
def live(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_service(database, tmp_path_factory.mktemp("live"), "web", "relay", "files", "quick") as service:
        yield service


def add(visitor: Visitor, world: World, file: Path) -> None:
    page = visitor.page
    visitor.sign_in_with(world.larkrise.host, world.session_of(world.sendco))
    visitor.open(f"http://{world.larkrise.host}/pupils/{world.amara.id}/documents/new")
    visitor.fill("What is this document?", "Speech report")
    page.get_by_label("Choose a file").set_input_files(file)
    page.get_by_role("button", name="Add the document").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_goes_in_and_its_page_says_when_it_is_checked(
    live: Live, tmp_path: Path, javascript: bool
) -> None:
    world, file = World(live.database, live.domain), tmp_path / "report.pdf"
    file.write_bytes(LETTER)
    with chromium() as browser:
        visitor = Visitor(browser, javascript=javascript)
        posted: list[str] = []
        visitor.page.on(
            "request", lambda request: posted.append(request.url) if request.method == "POST" else None
        )
        add(visitor, world, file)
        expect(visitor.page).to_have_title(re.compile("^Speech report"))
        if not javascript:
            visitor.page.get_by_role("link", name="Check again").click()
        while not javascript and not visitor.sees("no problems found"):
            visitor.page.reload()
        expect(visitor.page.get_by_text(CHECKED)).to_be_visible()
        visitor.check()
    straight = [address for address in posted if "send-quarantine" in address]
    assert len(straight) == (1 if javascript else 0)


def test_a_refusal_by_the_script_keeps_the_words_and_the_file(live: Live, tmp_path: Path) -> None:
    world, file = World(live.database, live.domain), tmp_path / "report.exe"
    file.write_bytes(LETTER)
    with chromium() as browser:
        visitor = Visitor(browser)
        add(visitor, world, file)
        expect(visitor.page.get_by_role("alert")).to_contain_text("The selected file must be a PDF")
        expect(visitor.page.get_by_label("What is this document?")).to_have_value("Speech report")
        chosen = visitor.page.get_by_label("Choose a file").evaluate("box => box.files[0].name")
        assert chosen == "report.exe"
        expect(visitor.page).to_have_title(re.compile("^Error: "))
        visitor.check()


def test_when_storage_cannot_be_reached_the_form_itself_brings_the_file(live: Live, tmp_path: Path) -> None:
    world, file = World(live.database, live.domain), tmp_path / "report.pdf"
    file.write_bytes(LETTER)
    with chromium() as browser:
        visitor = Visitor(browser)
        visitor.page.route("**/send-quarantine*", lambda route: route.abort())
        add(visitor, world, file)
        expect(visitor.page).to_have_title(re.compile("^Speech report"))
        expect(visitor.page.get_by_text(CHECKED)).to_be_visible()
