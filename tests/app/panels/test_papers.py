"""Papers are opened one at a time, noted, and only by whoever may read the request."""

from uuid import UUID

import pytest

from app.sharing.content import content_hash
from infrastructure.database.ids import new_id
from tests.builders import lss, panels, sharing
from tests.world import World

SHA256 = bytes(range(32))


@pytest.fixture
def item_id(world: World) -> UUID:
    """An item with one checked document, as the family agreed to it."""
    request_id = lss.draft_request(world, world.amara)
    line = {"title": "Speech report", "filename": "report.pdf", "sha256": SHA256.hex()}
    content = lss.frozen_content(world, world.amara, request_id) | {"documents": [line]}
    share_id = sharing.shared_with(world, world.amara, world.thornbeck, "lss", request_id, content)
    assert content_hash(content) == world.scalar("select content_hash from share where id = %s", share_id)
    _hand_over(world, share_id)
    return world.insert(
        "panel_item",
        tenant_id=world.thornbeck.id,
        home_tenant_id=world.larkrise.id,
        share_id=share_id,
        reference=content["reference"],
        kind="money",
        meeting_id=panels.meeting(world, *panels.full_table(world)),
        status="on_agenda",
    )


def _hand_over(world: World, share_id: UUID) -> None:
    where = {"sha256": SHA256, "clean_key": f"{world.larkrise.id}/{new_id()}", "object_version": "v1"}
    about = {"tenant_id": world.larkrise.id, "title": "Speech report", "filename": "report.pdf"}
    size = {"media_type": "application/pdf", "size_bytes": 48_211}
    world.insert(
        "document", **about, **where, **size, pupil_id=world.amara.id, declared_type="application/pdf",
        status="clean", quarantine_key=str(new_id()), uploaded_by=world.sendco.id,
    )  # fmt: skip
    world.insert(
        "share_document", **about, **where, **size, guest_tenant_id=world.thornbeck.id, share_id=share_id
    )


def the_document(world: World) -> UUID:
    return UUID(str(world.scalar("select id from share_document where tenant_id = %s", world.larkrise.id)))


def test_a_member_opens_a_paper_and_it_is_noted(world: World, item_id: UUID) -> None:
    browser = world.browser(world.member)
    path = f"/items/{item_id}/documents/{the_document(world)}/content"
    page = browser.get(f"/items/{item_id}").text
    assert "Speech report" in page
    assert "49 kB" in page
    assert path in page
    there = browser.get(path)
    assert there.status_code == 303
    assert "versionId=v1" in there.location
    assert "attachment" in there.location
    noted = world.rows("select what from read_log where pupil_id = %s order by at", world.amara.id)
    assert [row.what for row in noted][-1] == "a document of a request to the panel"


def test_nobody_with_a_conflict_or_without_a_seat_opens_it(world: World, item_id: UUID) -> None:
    path = f"/items/{item_id}/documents/{the_document(world)}/content"
    assert world.browser(world.conflicted_member).get(path).status_code == 404
    assert world.browser(world.area_lead).get(path).status_code == 403
    assert world.browser(world.clerk).get(path).status_code == 303


def test_a_paper_of_another_request_is_not_found_under_this_one(world: World, item_id: UUID) -> None:
    other = panels.item(world, world.noor)
    path = f"/items/{other}/documents/{the_document(world)}/content"
    assert world.browser(world.member).get(path).status_code == 404


def test_the_papers_close_when_the_share_runs_out(world: World, item_id: UUID) -> None:
    document = the_document(world)
    # A share never changes, so the test turns the calendar of this one row with its guards set aside.
    with world.database.as_admin() as admin:
        admin.execute("set session_replication_role = replica")
        admin.execute(
            "update share set expires_on = current_date - 2 where guest_tenant_id = %s", [world.thornbeck.id]
        )
    browser = world.browser(world.member)
    page = browser.get(f"/items/{item_id}")
    assert page.status_code == 200
    assert "can no longer be opened" in page.text
    assert browser.get(f"/items/{item_id}/documents/{document}/content").status_code == 404
    for path, answer in (("votes", {"choice": "agree"}), ("notes", {"words": "x"})):
        refused = browser.post(f"/items/{item_id}/{path}", answer)
        assert refused.status_code == 409
        assert "The sharing of this request has ended" in refused.text
    decline = {"outcome": "decline", "reason": "x"}
    assert world.browser(world.chair).post(f"/items/{item_id}/decision", decline).status_code == 409
