"""Pictures of every page: `python -m tests.journeys.screenshots`, or `python3 dev.py screenshots`."""

import shutil
import tempfile
from pathlib import Path

from tests.builders.documents import storage
from tests.journeys.album import Album
from tests.journeys.main_pages import furnish, open_page
from tests.journeys.stage import Stage
from tests.journeys.test_the_whole_story import tell_the_story
from tests.journeys.visitor import chromium
from tests.live import live_service
from tests.standalone import standalone_database
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
FOR_THE_README = frozenset({
    "school-home-1280", "pupil-1280", "plan-agreed-1280", "request-ready-1280", "document-1280",
    "meeting-clerk-1280", "item-1280", "decision-1280", "meeting-hidden-1280", "agency-referral-1280",
    "family-home-360", "family-child-360", "family-consent-360", "family-withdrawal-360",
})  # fmt: skip


def main() -> None:
    album = Album(ROOT / ".var" / "screenshots", ROOT / "docs" / "images", FOR_THE_README)
    shutil.rmtree(album.folder, ignore_errors=True)
    for folder in (album.folder, album.chosen_folder):
        folder.mkdir(parents=True, exist_ok=True)
    with standalone_database() as database, tempfile.TemporaryDirectory() as scratch:
        storage()  # makes the buckets
        log = Path(scratch)
        with (
            live_service(database, log, "web", "relay", "quick", "files") as live,
            chromium() as browser,
        ):
            told = Stage(World(database, live.domain), browser, album=album)
            _paint(told.world)
            tell_the_story(told, log)
            seen = Stage(World(database, live.domain), browser, album=album)
            _paint(seen.world)
            for page in furnish(seen.world):
                open_page(seen, page).look(page.name)
    print(f"{len(list(album.folder.iterdir()))} pictures in {album.folder}")  # noqa: T201 - this is a command


def _paint(world: World) -> None:
    """The schools as they look when they have chosen their colour."""
    world.execute("update tenant set colour = '#1f5f4a' where id = %s", world.larkrise.id)


if __name__ == "__main__":
    main()
