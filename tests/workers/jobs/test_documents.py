"""The check of an upload, with real storage: what gets through, what does not, and what happens when something is down."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from app.documents.events import DocumentChecked, DocumentsOverdue, DocumentUploaded
from app.kernel.clock import now
from app.kernel.events import Event
from infrastructure.adapters import Adapters
from infrastructure.database.door import unit_of_work
from infrastructure.database.ids import new_id
from infrastructure.queue import FILES
from infrastructure.scanning.scanner import ClamdScanner, ScannerUnavailable
from infrastructure.storage import S3Storage, StorageUnavailable
from tenants import context
from tests.builders.documents import LETTER, awaited_document, checking_document, clean_document, storage
from tests.builders.sharing import shared_with
from tests.infrastructure.embedded.endpoint import fetch
from tests.infrastructure.scanning import files
from tests.services import TestDatabase
from tests.world import World
from workers.errand import Errand
from workers.home import worker_app
from workers.jobs.documents import check_document
from workers.schedule import TASKS
from workers.subscriptions import QUEUE_OF


@pytest.fixture(autouse=True)
def buckets(database: TestDatabase) -> None:
    storage()


def happened(world: World, event: Event, *, at: UUID | None = None) -> None:
    """What the web would have recorded, or the clock."""
    here, payload = at or world.larkrise.id, Jsonb(event.payload())
    world.insert(
        "outbox_entry", tenant_id=here, for_tenant_id=here, kind=type(event).__name__, payload=payload
    )


def check(world: World, content: bytes, filename: str, **changes: Any) -> UUID:
    document_id = checking_document(world, world.amara, content=content, filename=filename, **changes)
    happened(world, DocumentUploaded(document_id=document_id))
    world.run_errands()
    return document_id


def facts(world: World, document_id: UUID) -> tuple[str, str | None]:
    row = world.rows("select status, problem from document where id = %s", document_id)[0]
    return row.status, row.problem


def kept(world: World, document_id: UUID) -> bytes:
    row = world.rows("select clean_key, object_version, media_type from document where id = %s", document_id)[
        0
    ]
    address = storage().download_url(
        row.clean_key, version_id=row.object_version, filename="x", content_type=row.media_type
    )
    return fetch("GET", address).body


def told(world: World) -> list[tuple[UUID, str]]:
    query = "select person_id, path from notification where kind = 'document_refused' and tenant_id = %s"
    return [tuple(row) for row in world.rows(query, world.larkrise.id)]


@pytest.mark.parametrize(
    ("make", "filename", "words"),
    [
        (lambda: files.EICAR, "letter.txt", "contains a virus"),
        (lambda: files.office(more={"inside.bin": files.EICAR}), "letter.docx", "contains a virus"),
        (lambda: files.PDF + files.EICAR, "letter.pdf", "contains a virus"),
        (files.bomb, "letter.docx", "too many or too large files inside"),
        (lambda: files.PROGRAM, "letter.pdf", "must be a PDF"),
        (lambda: files.LOCKED_PDF, "letter.pdf", "password protected"),
        (lambda: b"<html><script>alert(1)</script></html>", "letter.txt", "must be a PDF"),
        (lambda: files.flat_png(30_000, 30_000), "photo.png", "smaller than 50 megapixels"),
    ],
)
def test_a_harmful_file_is_refused_in_plain_words_and_its_uploader_is_told(
    world: World, make: Callable[[], bytes], filename: str, words: str
) -> None:
    document_id = check(world, make(), filename)
    status, problem = facts(world, document_id)
    assert status == "refused"
    assert words in (problem or "")
    assert told(world) == [(world.sendco.id, f"/documents/{document_id}")]
    assert storage().head_quarantine(f"{world.larkrise.id}/{document_id}") is None


@pytest.mark.parametrize(
    ("content", "filename"),
    [(files.PDF, "a.pdf"), (files.office(), "a.docx"), (files.TEXT, "a.txt"), (files.M4A, "a.m4a")],
)
def test_a_sound_file_is_kept_byte_for_byte_and_nobody_is_told(
    world: World, content: bytes, filename: str
) -> None:
    document_id = check(world, content, filename)
    assert facts(world, document_id) == ("clean", None)
    assert kept(world, document_id) == content
    assert told(world) == []
    assert "DocumentChecked" in world.events()


def test_a_photo_loses_what_it_says_about_its_place(world: World) -> None:
    photo = files.picture("JPEG", comment=b"taken at 12 Rowan Lane")
    document_id = check(world, photo, "photo.jpg", declared_type="image/jpeg")
    found = kept(world, document_id)
    assert b"Rowan Lane" in photo
    assert b"Rowan Lane" not in found
    assert len(found) == world.scalar("select size_bytes from document where id = %s", document_id)


def test_without_a_scanner_it_stays_unchecked_closed_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    usual: Adapters = worker_app().config["ADAPTERS"]
    document_id = checking_document(world, world.amara)
    happened(world, DocumentUploaded(document_id=document_id))
    with monkeypatch.context() as patch:
        down = replace(usual, scanner=ClamdScanner("127.0.0.1", port))
        patch.setitem(worker_app().config, "ADAPTERS", down)
        with pytest.raises(ScannerUnavailable):
            world.run_errands()
    assert facts(world, document_id) == ("checking", None)
    assert world.browser(world.sendco).get(f"/documents/{document_id}/content").status_code == 409
    world.execute("update delivery set leased_until = null where state = 'waiting'")
    world.run_errands()
    assert facts(world, document_id) == ("clean", None)


def test_without_storage_it_is_not_refused_either(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    nowhere = S3Storage(
        quarantine="q-nowhere", clean="c-nowhere", region="eu-west-2", endpoint_url=f"http://127.0.0.1:{port}"
    )
    document_id = checking_document(world, world.amara)
    happened(world, DocumentUploaded(document_id=document_id))
    with monkeypatch.context() as patch:
        patch.setitem(
            worker_app().config, "ADAPTERS", replace(worker_app().config["ADAPTERS"], storage=nowhere)
        )
        with pytest.raises(StorageUnavailable):
            world.run_errands()
    assert facts(world, document_id) == ("checking", None)


class Killed(Exception):
    """The worker died here."""


def test_a_worker_killed_after_keeping_and_before_committing_does_it_once(world: World) -> None:
    document_id = checking_document(world, world.amara)
    event = DocumentUploaded(document_id=document_id)
    errand = Errand(new_id(), world.larkrise.id, world.larkrise.id)

    def die_after_keeping() -> None:
        with unit_of_work(context.of_tenant(world.larkrise.id)):
            check_document(event, errand)
            raise Killed

    with worker_app().app_context(), pytest.raises(Killed):
        die_after_keeping()
    assert facts(world, document_id) == ("checking", None)
    for _ in range(2):
        happened(world, event)
        world.run_errands()
    assert facts(world, document_id) == ("clean", None)
    assert kept(world, document_id) == LETTER
    checked = "select count(*) from outbox_entry where tenant_id = %s and kind = 'DocumentChecked'"
    assert world.scalar(checked, world.larkrise.id) == 1


def test_what_never_arrived_is_refused_and_can_be_added_again(world: World) -> None:
    document_id = checking_document(world, world.amara, content=None)
    happened(world, DocumentUploaded(document_id=document_id))
    world.run_errands()
    assert facts(world, document_id) == ("refused", "The file did not arrive whole. Add it again")


def test_a_document_stays_with_its_child_and_its_place(world: World) -> None:
    document_id = awaited_document(world, world.amara)
    for change in (f"pupil_id = '{world.idris.id}'", "quarantine_key = 'another'"):
        with pytest.raises(Exception, match="stays where it was put"):
            world.execute(f"update document set {change} where id = %s", document_id)


def test_what_was_checked_cannot_be_changed_by_anybody(world: World) -> None:
    document_id = clean_document(world, world.amara, stored=False)
    for change in ("clean_key = 'another'", "title = 'Another'", "status = 'checking'"):
        with pytest.raises(Exception, match=r"never changed|does not go back|check constraint"):
            world.execute(f"update document set {change} where id = %s", document_id)


def test_the_sweeper_finds_what_came_without_a_word_and_gives_up_what_never_came(world: World) -> None:
    came = awaited_document(world, world.amara, content=LETTER, created_at=now() - timedelta(hours=1))
    lost = awaited_document(world, world.amara, created_at=now() - timedelta(hours=25))
    slow = awaited_document(world, world.amara, created_at=now() - timedelta(hours=23))
    fresh = awaited_document(world, world.amara, content=LETTER)
    happened(world, DocumentsOverdue())
    world.run_errands()
    found = {
        name: facts(world, document_id)[0]
        for name, document_id in {"came": came, "lost": lost, "slow": slow, "fresh": fresh}.items()
    }
    assert found == {
        "came": "clean",
        "lost": "abandoned",
        "slow": "awaiting_upload",
        "fresh": "awaiting_upload",
    }


def test_the_sweeper_runs_every_hour_for_schools_and_agencies(world: World) -> None:
    task = next(task for task in TASKS if task.event == "DocumentsOverdue")
    assert (task.every, task.tenants) == (60, ("school", "agency"))


def test_a_document_of_an_agency_is_checked_in_the_tenant_of_the_agency_and_no_staff_is_told(
    world: World,
) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    document_id = checking_document(
        world, world.amara, content=files.EICAR, filename="report.txt",
        tenant_id=world.ashmere.id, pupil_id=None, share_id=share_id,
    )  # fmt: skip
    happened(world, DocumentUploaded(document_id=document_id), at=world.ashmere.id)
    world.run_errands()
    assert facts(world, document_id) == ("refused", "The selected file contains a virus")
    assert world.scalar("select count(*) from notification where tenant_id = %s", world.ashmere.id) == 0


def test_the_check_runs_where_files_are_opened_and_nothing_else_does() -> None:
    assert {name for name, queue in QUEUE_OF.items() if queue == FILES} == {"check_document"}


def test_an_answer_about_a_document_that_is_gone_harms_nothing(world: World) -> None:
    happened(world, DocumentUploaded(document_id=new_id()))
    happened(world, DocumentChecked(document_id=new_id()))
    assert world.run_errands() >= 2
