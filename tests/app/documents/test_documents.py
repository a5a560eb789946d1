"""From a form to a checked copy and back out again, and who may read it."""

import hashlib
import io
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from infrastructure.database.ids import new_id
from tests.builders.documents import (
    LETTER,
    awaited_document,
    checking_document,
    clean_document,
    refused_document,
    storage,
)
from tests.infrastructure.embedded.endpoint import fetch
from tests.world import Somebody, World

TITLE = "Speech and language report"


def upload(
    world: World, content: bytes, name: str = "report.pdf", who: Somebody | None = None, **changes: Any
) -> TestResponse:
    data = {"title": TITLE, "file": (io.BytesIO(content), name)} | changes
    return world.browser(who or world.sendco).post(f"/pupils/{world.amara.id}/documents", data)


def uploaded(response: TestResponse) -> UUID:
    assert response.status_code == 303, response.text[-3000:]
    return UUID(response.location.rsplit("/", 1)[-1])


def status(world: World, document_id: UUID) -> str:
    return str(world.scalar("select status from document where id = %s", document_id))


def test_a_sendco_uploads_and_the_teacher_of_the_class_downloads_what_was_checked(world: World) -> None:
    document_id = uploaded(upload(world, LETTER))
    page = world.browser(world.sendco).get(f"/documents/{document_id}").text
    assert "We are checking the file" in page
    assert f'data-refresh-url="/documents/{document_id}"' in page
    assert "Check again" in page
    world.run_errands()
    assert "no problems found" in world.browser(world.sendco).get(f"/documents/{document_id}").text
    answer = world.browser(world.teacher).get(f"/documents/{document_id}/content")
    assert answer.status_code == 303
    assert "X-Amz-Expires=60" in answer.location
    got = fetch("GET", answer.location)
    headers = {name.lower(): value for name, value in got.headers.items()}
    assert got.body == LETTER
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"].startswith('attachment; filename="report.pdf"')


def test_the_checked_copy_leaves_nothing_in_quarantine(world: World) -> None:
    document_id = uploaded(upload(world, LETTER))
    key = f"{world.larkrise.id}/{document_id}"
    assert storage().head_quarantine(key) is not None
    world.run_errands()
    assert storage().head_quarantine(key) is None


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "report.pdf", "The selected file is empty"),
        (b"x" * 26 * 1024 * 1024, "report.pdf", "The selected file must be smaller than 25MB"),
        (LETTER, "report.exe", "The selected file must be a PDF"),
        (LETTER, "page.html", "The selected file must be a PDF"),
        (LETTER, "", "Select a file"),
    ],
)
def test_what_can_be_seen_at_once_is_refused_at_once_and_the_words_are_kept(
    world: World, content: bytes, name: str, sentence: str
) -> None:
    response = upload(world, content, name)
    assert response.status_code == 422
    assert sentence in response.text
    assert f'value="{TITLE}"' in response.text
    assert world.scalar("select count(*) from document where tenant_id = %s", world.larkrise.id) == 0


def test_both_faults_of_a_form_are_told_together(world: World) -> None:
    response = upload(world, LETTER, "report.exe", title="")
    assert "Enter what this document is" in response.text
    assert "The selected file must be a PDF" in response.text


def test_a_form_far_too_large_is_refused_before_it_is_read(world: World) -> None:
    response = upload(world, b"x" * 31 * 1024 * 1024)
    assert response.status_code == 413
    assert "smaller than 25MB" in response.text


def test_other_forms_stay_small(world: World) -> None:
    data = {"title": "x" * 3 * 1024 * 1024}
    response = world.browser(world.sendco).post(f"/pupils/{world.amara.id}/document-uploads", data)
    assert response.status_code == 413


def test_sending_the_same_form_twice_makes_one_document(world: World) -> None:
    key = str(new_id())
    first, second = (uploaded(upload(world, LETTER, idempotency_key=key)) for _ in range(2))
    assert first == second
    assert world.scalar("select count(*) from document where tenant_id = %s", world.larkrise.id) == 1


@pytest.mark.parametrize("who", ["teacher", "assistant", "head", "dsl", "admin"])
def test_only_the_sendco_adds_shows_and_hides(world: World, who: str) -> None:
    document_id = clean_document(world, world.amara, stored=False)
    assert upload(world, LETTER, who=getattr(world, who)).status_code == 403
    for path in ("showing", "showing/removal", "upload-completion"):
        assert world.browser(getattr(world, who)).post(f"/documents/{document_id}/{path}").status_code == 403


@pytest.mark.parametrize(("who", "code"), [("teacher", 200), ("head", 200), ("dsl", 200), ("sendco", 200)])
def test_those_who_read_records_read_documents(world: World, who: str, code: int) -> None:
    document_id = clean_document(world, world.amara)
    browser = world.browser(getattr(world, who))
    assert TITLE in browser.get(f"/pupils/{world.amara.id}/documents").text
    assert browser.get(f"/documents/{document_id}").status_code == code
    assert browser.get(f"/documents/{document_id}/content").status_code == 303


@pytest.mark.parametrize("who", ["assistant", "admin"])
def test_others_at_the_school_read_none(world: World, who: str) -> None:
    document_id = clean_document(world, world.amara)
    browser = world.browser(getattr(world, who))
    for path in (
        f"/pupils/{world.amara.id}/documents",
        f"/documents/{document_id}",
        f"/documents/{document_id}/content",
    ):
        assert browser.get(path).status_code == 403
    with world.acting(getattr(world, who)) as session:
        assert session.scalar(text("select count(*) from document")) == 0


def test_a_teacher_finds_nothing_of_another_class(world: World) -> None:
    document_id = clean_document(world, world.idris)
    for path in ("", "/content"):
        assert world.browser(world.teacher).get(f"/documents/{document_id}{path}").status_code == 404
        assert world.browser(world.sendco).get(f"/documents/{document_id}{path}").status_code in (200, 303)


def test_a_document_of_another_school_is_not_found_for_page_content_and_completion(world: World) -> None:
    clean, waiting = clean_document(world, world.amara), awaited_document(world, world.amara, content=LETTER)
    stranger = world.browser(world.other_sendco)
    assert stranger.get(f"/documents/{clean}").status_code == 404
    assert stranger.get(f"/documents/{clean}/content").status_code == 404
    for path in ("upload-completion", "showing", "showing/removal"):
        assert stranger.post(f"/documents/{waiting}/{path}").status_code == 404
    assert status(world, waiting) == "awaiting_upload"
    assert world.browser(world.sendco).post(f"/documents/{waiting}/upload-completion").status_code == 303


@pytest.mark.parametrize("make", ["checking", "awaited", "refused"])
def test_what_is_not_checked_is_never_opened(world: World, make: str) -> None:
    document_id = {
        "checking": lambda: checking_document(world, world.amara),
        "awaited": lambda: awaited_document(world, world.amara, content=LETTER),
        "refused": lambda: refused_document(world, world.amara, problem="The selected file contains a virus"),
    }[make]()
    response = world.browser(world.sendco).get(f"/documents/{document_id}/content")
    assert response.status_code == 409
    assert "Location" not in response.headers
    page = world.browser(world.sendco).get(f"/documents/{document_id}").text
    assert f"/documents/{document_id}/content" not in page


def test_a_refusal_is_told_in_plain_words_with_a_way_on(world: World) -> None:
    document_id = refused_document(world, world.amara, problem="The selected file contains a virus")
    page = world.browser(world.sendco).get(f"/documents/{document_id}").text
    assert "The selected file contains a virus" in page
    assert f"/pupils/{world.amara.id}/documents/new" in page


def test_the_sendco_shows_a_document_to_the_family_and_hides_it_again(world: World) -> None:
    document_id = clean_document(world, world.amara, stored=False)
    sendco = world.browser(world.sendco)
    page = f"/children/{world.mother.links['amara']}/documents"
    assert TITLE not in world.browser(world.mother).get(page).text
    sendco.post(f"/documents/{document_id}/showing")
    assert TITLE in world.browser(world.mother).get(page).text
    sendco.post(f"/documents/{document_id}/showing/removal")
    assert TITLE not in world.browser(world.mother).get(page).text


def test_a_document_that_is_not_checked_cannot_be_shown(world: World) -> None:
    document_id = checking_document(world, world.amara, content=None)
    assert world.browser(world.sendco).post(f"/documents/{document_id}/showing").status_code == 409
    assert world.scalar("select shown_to_family from document where id = %s", document_id) is False


def test_each_reading_is_noted_but_waiting_for_the_check_is_not(world: World) -> None:
    document_id = checking_document(world, world.amara, content=None)
    world.browser(world.sendco).get(f"/documents/{document_id}")
    count = "select count(*) from read_log where pupil_id = %s"
    assert world.scalar(count, world.amara.id) == 0
    world.browser(world.head).get(f"/documents/{document_id}")
    world.browser(world.head).get(f"/documents/{clean_document(world, world.amara)}/content")
    assert world.scalar(count, world.amara.id) == 2


def test_no_page_names_where_a_document_lies(world: World) -> None:
    document_id = clean_document(world, world.amara)
    sendco = world.browser(world.sendco)
    for path in (f"/pupils/{world.amara.id}/documents", f"/documents/{document_id}"):
        found = sendco.get(path).text
        assert "X-Amz" not in found
        assert hashlib.sha256(LETTER).hexdigest() not in found


def test_an_empty_list_says_what_to_do(world: World) -> None:
    path = f"/pupils/{world.amara.id}/documents"
    assert "Nobody has added a document about Amara yet" in world.browser(world.sendco).get(path).text
    assert "When the SENDCO adds one" in world.browser(world.teacher).get(path).text
