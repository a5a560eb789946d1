"""Which documents of the child go with a request."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders import lss as builders
from tests.builders import sharing as consents
from tests.builders.lss import complete_request, press, press_ask, row
from tests.world import World


def test_only_checked_documents_of_this_child_go_with_it(world: World) -> None:
    request_id = complete_request(world)
    mine, hers = (document(world, pupil) for pupil in (world.amara.id, world.idris.id))
    waiting = document(
        world, world.amara.id, status="checking", clean_key=None, object_version=None, sha256=None
    )
    browser = world.browser(world.sendco)
    path = f"/lss/requests/{request_id}/evidence"
    assert str(hers) not in browser.get(path).text
    for other in (hers, waiting):
        assert browser.post(path, {"documents": [str(other)], "version": "1"}).status_code == 422
    assert browser.post(path, {"documents": [str(mine)], "version": "1"}).status_code == 303
    ask_id = press_ask(world, request_id)
    content = world.scalar("select content from consent_ask where id = %s", ask_id)
    assert [one["title"] for one in content["documents"]] == ["Report"]
    consents.consented(world, world.amara, ask_id)
    assert press(world, world.head, request_id, "authorisation") == 303
    assert press(world, world.sendco, request_id, "submission") == 303
    share_id = row(world, request_id).share_id
    assert world.scalar("select title from share_document where share_id = %s", share_id) == "Report"


def test_the_family_can_open_what_it_is_asked_about_and_no_other_paper(world: World) -> None:
    request_id = complete_request(world)
    mine, kept = (document(world, world.amara.id, title=title) for title in ("Report", "Not chosen"))
    chosen = {"documents": [str(mine)], "version": "1"}
    world.browser(world.sendco).post(f"/lss/requests/{request_id}/evidence", chosen)
    papers = f"/children/{world.mother.links['amara']}/documents"
    mother = world.browser(world.mother)
    assert "Report" not in mother.get(papers).text
    ask_id = press_ask(world, request_id)
    assert f'href="{papers}"' in mother.get(papers.replace("documents", f"consents/{ask_id}")).text
    assert "Report" in mother.get(papers).text
    assert "Not chosen" not in mother.get(papers).text
    assert mother.get(f"{papers}/{mine}/content").status_code == 303
    assert mother.get(f"{papers}/{kept}/content").status_code == 404
    assert "DocumentShown" not in world.events()


def test_postgresql_refuses_another_childs_document(world: World) -> None:
    request_id, hers = builders.draft_request(world, world.amara), document(world, world.idris.id)
    attach = "insert into evidence (tenant_id, id, lss_request_id, document_id) values (ctx.tenant(), gen_random_uuid(), :r, :d)"
    with (
        pytest.raises(DBAPIError, match="not a checked document of this child"),
        world.acting(world.sendco) as session,
    ):
        session.execute(text(attach), {"r": request_id, "d": hers})


def document(world: World, pupil_id: UUID, **changes: Any) -> UUID:
    facts = {
        "tenant_id": world.larkrise.id, "pupil_id": pupil_id, "title": "Report", "filename": "report.pdf",
        "declared_type": "application/pdf", "media_type": "application/pdf", "size_bytes": 9, "status": "clean",
        "sha256": pupil_id.bytes * 2, "quarantine_key": "q", "clean_key": f"c/{pupil_id}", "object_version": "v",
    }  # fmt: skip
    return world.insert("document", **(facts | changes))
