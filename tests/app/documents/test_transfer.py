"""A browser with our script sends the file straight to the quarantine, and an agency adds to its share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from werkzeug.test import TestResponse

from app.documents import queries, service, transfer
from app.documents.service import Upload
from app.kernel.access import Actor, Audience, Role
from app.kernel.errors import Forbidden, Invalid, NotFound
from infrastructure.database.door import unit_of_work
from infrastructure.database.ids import new_id
from tenants import context
from tests.builders.documents import LETTER, awaited_document, clean_document, storage
from tests.builders.sharing import shared_with
from tests.infrastructure.embedded.endpoint import fetch, post_form
from tests.world import World

ANSWERS = {"title": "Speech report", "file": "C:\\fakepath\\Zoë’s report.pdf", "size": str(len(LETTER))}


def begin(world: World, **changes: str) -> TestResponse:
    return world.browser(world.sendco).post(
        f"/pupils/{world.amara.id}/document-uploads",
        ANSWERS | changes,
        headers={"Accept": "application/json"},
    )


def test_the_file_goes_straight_to_the_quarantine_and_then_the_browser_says_so(world: World) -> None:
    there: Any = begin(world).json
    assert post_form(there["url"], there["fields"], LETTER).status == 204
    assert world.browser(world.sendco).post(there["completion"]).location == there["page"]
    world.run_errands()
    page = world.browser(world.sendco).get(there["page"]).text
    assert "no problems found" in page
    assert "Zoë’s report.pdf" in page
    assert "fakepath" not in page


@pytest.mark.parametrize("change", [{"key": "somewhere/else"}, {"Content-Type": "text/html"}])
def test_a_form_that_was_tampered_with_sends_nothing(world: World, change: dict[str, str]) -> None:
    there: Any = begin(world).json
    assert post_form(there["url"], there["fields"] | change, LETTER).status == 403
    assert storage().head_quarantine(there["fields"]["key"]) is None


def test_saying_it_came_when_it_did_not_is_told_apart(world: World) -> None:
    there: Any = begin(world).json
    response = world.browser(world.sendco).post(there["completion"])
    assert response.status_code == 422
    assert "The file did not arrive" in response.text
    assert "DocumentUploaded" not in world.events()


def test_saying_it_twice_is_harmless(world: World) -> None:
    there: Any = begin(world).json
    post_form(there["url"], there["fields"], LETTER)
    for _ in range(2):
        assert world.browser(world.sendco).post(there["completion"]).status_code == 303
    world.run_errands()
    assert world.browser(world.sendco).post(there["completion"]).status_code == 303
    count = "select count(*) from outbox_entry where tenant_id = %s and kind = 'DocumentUploaded'"
    assert world.scalar(count, world.larkrise.id) == 1


def test_an_upload_that_was_given_up_is_not_taken_up_again(world: World) -> None:
    document_id = awaited_document(world, world.amara, content=LETTER, status="abandoned")
    response = world.browser(world.sendco).post(f"/documents/{document_id}/upload-completion")
    assert response.status_code == 409
    assert "Add the file again" in response.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"size": str(26 * 1024 * 1024)}, "must be smaller than 25MB"),
        ({"size": "0"}, "is empty"),
        ({"file": "report.svg"}, "must be a PDF"),
        ({"file": ""}, "Select a file"),
        ({"title": ""}, "Enter what this document is"),
    ],
)
def test_the_script_gets_the_same_sentences_before_it_sends_anything(
    world: World, change: dict[str, str], sentence: str
) -> None:
    response = begin(world, **change)
    assert response.status_code == 422
    assert sentence in response.text


def test_a_link_to_storage_works_for_one_version_under_one_name_only(world: World) -> None:
    document_id = clean_document(world, world.amara, filename="Zoë’s <plan>.pdf")
    address = world.browser(world.sendco).get(f"/documents/{document_id}/content").location
    assert fetch("GET", address).status == 200
    for old, new in (
        ("plan", "other"),
        ("application%2Fpdf", "text%2Fhtml"),
        ("X-Amz-Expires=60", "X-Amz-Expires=900"),
    ):
        assert old in address
        assert fetch("GET", address.replace(old, new)).status == 403
    assert fetch("GET", address.partition("?")[0]).status == 403


# The agency's side: what its pages call.


def professional(world: World, share_id: UUID) -> Actor:
    roles = frozenset({Role.PROFESSIONAL})
    return Actor(world.professional.id, world.ashmere.id, Audience.AGENCY, roles, "Maya Lind", share_id)


@contextmanager
def visiting(world: World, share_id: UUID) -> Iterator[Actor]:
    """Signed in through the link of one share."""
    actor = professional(world, share_id)
    binding = context.of_tenant(
        world.ashmere.id,
        audience="agency",
        person_id=actor.person_id,
        roles=("professional",),
        scope_id=share_id,
    )
    with world.database.hosts.apps[Audience.AGENCY].app_context(), unit_of_work(binding):
        yield actor


REPORT = Upload("Report", "report.pdf", len(LETTER))


def test_an_agency_adds_its_report_to_its_share_and_it_is_checked(world: World) -> None:
    share_id, document_id = shared_with(world, world.amara, world.ashmere), new_id()
    with visiting(world, share_id) as actor:
        document = service.start_upload(actor, REPORT, document_id=document_id, share_id=share_id)
        form = transfer.form_for(document)
        assert post_form(form.url, form.fields, LETTER).status == 204
        transfer.finish(actor, document)
    world.run_errands()
    with visiting(world, share_id):
        assert [document.is_clean for document in queries.list_of_share(share_id)] == [True]
        assert fetch("GET", transfer.download_url(queries.get_copy(document_id))).body == LETTER


def test_an_agency_adds_to_no_other_share_and_to_no_pupil(world: World) -> None:
    mine, other = (shared_with(world, world.amara, world.ashmere) for _ in range(2))
    for where in ({"share_id": other}, {"pupil_id": world.amara.id}):
        with visiting(world, mine) as actor, pytest.raises(Forbidden):
            service.start_upload(actor, REPORT, document_id=new_id(), **where)


def test_postgresql_takes_no_document_of_an_agency_for_another_share(world: World) -> None:
    mine, other = (shared_with(world, world.amara, world.ashmere) for _ in range(2))
    forger = professional(world, other)
    with pytest.raises(ProgrammingError, match="row-level security"), visiting(world, mine):
        service.start_upload(forger, REPORT, document_id=new_id(), share_id=other)


def test_a_sendco_adds_to_no_share(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    with world.acting(world.sendco), pytest.raises(Forbidden):
        service.start_upload(world.sendco.actor, REPORT, document_id=new_id(), share_id=share_id)


def test_postgresql_lets_nobody_on_the_web_call_a_document_clean(world: World) -> None:
    document_id = awaited_document(world, world.amara)
    forgery = text(
        "update document set status = 'clean', clean_key = 'k', object_version = '1', sha256 = 'x' where id = :id"
    )
    with pytest.raises(ProgrammingError, match="permission denied"), world.acting(world.sendco) as session:
        session.execute(forgery, {"id": document_id})


def test_a_service_that_is_called_without_a_form_says_the_same(world: World) -> None:
    for upload, sentence in ((Upload("x", "a.exe"), "must be a PDF"), (Upload("x", "a.pdf", 0), "is empty")):
        with world.acting(world.sendco), pytest.raises(Invalid, match=sentence):
            service.start_upload(world.sendco.actor, upload, document_id=new_id(), pupil_id=world.amara.id)


def test_a_parent_finds_the_copy_of_what_is_shown_and_of_nothing_else(world: World) -> None:
    shown = clean_document(world, world.amara, shown=True)
    hidden = clean_document(world, world.amara)
    with world.acting(world.mother, child="amara"):
        assert fetch("GET", transfer.download_url(queries.get_copy(shown))).body == LETTER
        assert [document.id for document in queries.list_shown(world.amara.id)] == [shown]
        with pytest.raises(NotFound):
            queries.get_copy(hidden)
