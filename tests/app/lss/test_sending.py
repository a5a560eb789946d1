"""From a complete draft to the panel and back: the family, the head, the share, the decision."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.clock import today
from app.sharing import queries, service
from tests.builders import lss as builders
from tests.builders import plans
from tests.builders import sharing as consents
from tests.mailbox import text_of
from tests.world import Somebody, World


def complete(world: World, **changes: Any) -> UUID:
    """A draft that nothing is missing from: two reviewed cycles and a costed plan in the record."""
    if not world.scalar("select count(*) from review where pupil_id = %s", world.amara.id):
        plans.reviewed_plan(world, world.amara)
        plans.reviewed_plan(world, world.amara, outcome="met")
        plans.agreed_plan(world, world.amara)
    return builders.draft_request(world, world.amara, **changes)


def press(world: World, who: Somebody, request_id: UUID, step: str, version: int | None = None) -> int:
    now = world.scalar("select version from lss_request where id = %s", request_id)
    path = f"/lss/requests/{request_id}/{step}"
    return world.browser(who).post(path, {"version": str(version or now)}).status_code


def row(world: World, request_id: UUID) -> Any:
    return world.rows("select * from lss_request where id = %s", request_id)[0]


def asked(world: World, request_id: UUID) -> UUID:
    assert press(world, world.sendco, request_id, "consent-ask") == 303
    return UUID(str(row(world, request_id).ask_id))


def test_what_is_asked_is_frozen_and_says_who_the_child_is_to_nobody_else(world: World) -> None:
    request_id = complete(world)
    page = world.browser(world.sendco).get(f"/lss/requests/{request_id}/consent-ask/new").text
    assert "Amara O" in page
    asked(world, request_id)
    content = world.scalar("select content from consent_ask where subject_id = %s", request_id)
    assert content["pupil"] == {"name": "Amara O", "year_group": 2}
    assert content["school_name"] == "Larkrise Primary"
    assert content["reviewed_cycles"] == 2
    assert content["provision_cost_pence"] == plans.COST_PENCE
    assert content["plan"][0] == {"title": "Tell a story in order", "outcomes": ["Some progress", "Met"]}
    assert not {"upn", "address", "born_on", "surname"} & set(str(content).replace("'", " ").split())
    assert "Okonjo" not in str(content)
    assert "2019" not in str(content)


def test_the_whole_way_to_the_panel(world: World) -> None:
    request_id = complete(world)
    ask_id = asked(world, request_id)
    assert row(world, request_id).status == "with_family"
    assert press(world, world.head, request_id, "authorisation") == 409
    with world.acting(world.mother, child="amara") as session:
        assert (
            session.scalar(text("select status from lss_request where id = :id"), {"id": request_id})
            == "with_family"
        )
    consents.consented(world, world.amara, ask_id)
    assert press(world, world.sendco, request_id, "submission") == 409
    assert press(world, world.head, request_id, "authorisation") == 303
    assert press(world, world.head, request_id, "submission") == 403
    assert press(world, world.sendco, request_id, "submission") == 303
    sent = row(world, request_id)
    assert (sent.status, sent.authorised_by) == ("submitted", world.head.id)
    share = world.rows("select * from share where id = %s", sent.share_id)[0]
    assert share.guest_tenant_id == world.thornbeck.id
    assert today() < share.expires_on <= today() + timedelta(days=366)
    assert (
        world.scalar(
            "select for_tenant_id from outbox_entry where kind = 'LssRequestSubmitted' and share_id = %s",
            sent.share_id,
        )
        == world.thornbeck.id
    )
    page = world.browser(world.sendco).get(f"/lss/requests/{request_id}").text
    assert "What happens next" in page
    assert "Thornbeck Locality Partnership" in page
    assert press(world, world.sendco, request_id, "submission") == 409


def test_an_answer_in_the_post_moves_the_request(world: World) -> None:
    request_id = complete(world)
    ask_id = asked(world, request_id)
    ready(world, ask_id)
    world.run_errands()
    assert row(world, request_id).status == "agreed"


def ready(world: World, ask_id: UUID, *, given: bool = True, by: Somebody | None = None) -> UUID:
    """An answer on paper, written down by the SENDCO through the page's own service."""
    contact = world.scalar(
        "select contact_id from guardianship where person_id = %s and pupil_id = %s",
        (by or world.mother).id,
        world.amara.id,
    )
    with world.acting(world.sendco):
        heard = service.Recorded(
            given=given, contact_id=contact, method="paper", given_on=today(), told_about_ehc=True
        )
        consent = service.record_answer(world.sendco.actor, queries.load_ask(ask_id), heard)
        return consent.id


def test_a_refusal_stops_everything(world: World) -> None:
    request_id = complete(world)
    ask_id = asked(world, request_id)
    ready(world, ask_id)
    ready(world, ask_id, given=False, by=world.father)
    world.run_errands()
    assert row(world, request_id).status == "with_family"
    assert press(world, world.head, request_id, "authorisation") == 409


def test_a_change_afterwards_begins_again(world: World) -> None:
    request_id, _ = builders.authorised_request(world, world.amara, kind="discussion")
    ask_id = row(world, request_id).ask_id
    page = world.browser(world.sendco).get(f"/lss/requests/{request_id}/reasons").text
    assert "they have to read it and agree again" in page
    changed = {"why_now": "Something new", "tried": "", "version": str(row(world, request_id).version)}
    assert world.browser(world.sendco).post(f"/lss/requests/{request_id}/reasons", changed).status_code == 303
    now = row(world, request_id)
    assert (now.status, now.ask_id, now.authorised_by, now.editors) == (
        "draft",
        None,
        None,
        [world.sendco.id],
    )
    assert world.scalar("select closed_at from consent_ask where id = %s", ask_id) is not None
    assert press(world, world.head, request_id, "authorisation") == 409
    assert press(world, world.sendco, request_id, "submission") == 409


def test_nobody_authorises_their_own_request(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara, created_by=world.head.id)
    assert press(world, world.head, request_id, "authorisation") == 403
    for who in (world.sendco, world.dsl):
        assert press(world, who, request_id, "authorisation") == 403


def test_who_has_written_in_a_request_is_not_forgotten_when_somebody_else_saves_it(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara, editors=[world.head.id, world.sendco.id])
    assert press(world, world.head, request_id, "authorisation") == 403
    with (
        pytest.raises(DBAPIError, match="an editor is never forgotten"),
        world.acting(world.sendco) as session,
    ):
        session.execute(text("update lss_request set editors = '{}' where id = :id"), {"id": request_id})


def test_postgresql_lets_nobody_authorise_in_the_heads_name(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara)
    forged = "update lss_request set status = 'authorised', authorised_by = :head where id = :id"
    with (
        pytest.raises(DBAPIError, match="only a headteacher authorises"),
        world.acting(world.sendco) as session,
    ):
        session.execute(text(forged), {"head": world.head.id, "id": request_id})
    with world.acting(world.head) as session:
        session.execute(text(forged), {"head": world.head.id, "id": request_id})
    assert row(world, request_id).status == "authorised"


def test_postgresql_keeps_the_words_that_the_family_was_asked_about(world: World) -> None:
    request_id, _ = builders.asked_request(world, world.amara)
    with pytest.raises(DBAPIError, match="asked about is not changed"), world.acting(world.sendco) as session:
        session.execute(text("update lss_request set wanted = 'More' where id = :id"), {"id": request_id})


def test_a_stale_button_is_refused_and_says_so(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara, kind="discussion")
    stale = world.browser(world.head).post(f"/lss/requests/{request_id}/authorisation", {"version": "99"})
    assert stale.status_code == 409
    assert "Somebody changed this request" in stale.text
    assert row(world, request_id).status == "agreed"


def test_withdrawing_ends_the_share(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    assert press(world, world.sendco, sent.request_id, "withdrawal") == 303
    assert row(world, sent.request_id).status == "withdrawn"
    assert (
        world.scalar("select revoked_because from share where id = %s", sent.share_id)
        == "withdrawn_by_school"
    )
    assert press(world, world.sendco, sent.request_id, "withdrawal") == 409


def test_a_withdrawn_draft_was_never_shown_to_the_family(world: World) -> None:
    drafts = builders.draft_request(world, world.amara)
    shown, _ = builders.asked_request(world, world.amara)
    for request_id in (drafts, shown):
        assert press(world, world.sendco, request_id, "withdrawal") == 303
    with world.acting(world.mother, child="amara") as session:
        assert list(session.scalars(text("select id from lss_request"))) == [shown]


def test_a_consent_taken_back_ends_a_request_that_was_sent(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    with world.acting(world.sendco):
        service.withdraw(world.sendco.actor, queries.load_consent(sent.consent_id), method="phone")
    world.run_errands()
    assert row(world, sent.request_id).status == "withdrawn"
    assert world.scalar("select revoked_at from share where id = %s", sent.share_id) is not None


def test_everybody_who_waits_hears_of_the_decision_together(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    builders.decided(world, sent, world.larkrise.id, outcome="agree_in_part", amount_pence=2_080_00)
    world.run_errands()
    now = row(world, sent.request_id)
    assert (now.status, now.decision["amount_pence"]) == ("decided", 2_080_00)
    told = world.rows(
        "select person_id, audience, path from notification where kind = 'lss_decided' and tenant_id = %s",
        world.larkrise.id,
    )
    assert {one.person_id for one in told} == {
        world.sendco.id,
        world.head.id,
        world.mother.id,
        world.father.id,
        world.carer.id,
    }
    assert {one.path for one in told if one.audience == "family"} == {
        f"/children/{who.links['amara']}" for who in (world.mother, world.father, world.carer)
    }
    page = world.browser(world.sendco).get(f"/lss/requests/{sent.request_id}").text
    assert "Decision: Agreed in part" in page
    assert "£2,080.00" in page
    assert "EHC" in page
    for mail in world.mails():
        assert "Amara" not in text_of(mail)


def test_a_question_from_the_panel_can_be_answered_with_a_new_version(world: World) -> None:
    sent = builders.submitted_request(world, world.amara, kind="discussion")
    builders.decided(world, sent, world.larkrise.id, outcome="more_information", amount_pence=None)
    world.run_errands()
    assert row(world, sent.request_id).status == "more_information"
    changed = {
        "why_now": "With the new report",
        "tried": "",
        "version": str(row(world, sent.request_id).version),
    }
    browser = world.browser(world.sendco)
    assert browser.post(f"/lss/requests/{sent.request_id}/reasons", changed).status_code == 303
    ask_id = asked(world, sent.request_id)
    consents.consented(world, world.amara, ask_id)
    assert press(world, world.head, sent.request_id, "authorisation") == 303
    assert press(world, world.sendco, sent.request_id, "submission") == 303
    assert row(world, sent.request_id).share_id != sent.share_id
    assert world.scalar("select revoked_because from share where id = %s", sent.share_id) == "replaced"


def test_only_checked_documents_of_this_child_go_with_it(world: World) -> None:
    request_id = complete(world)
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
    ask_id = asked(world, request_id)
    content = world.scalar("select content from consent_ask where id = %s", ask_id)
    assert [one["title"] for one in content["documents"]] == ["Report"]
    consents.consented(world, world.amara, ask_id)
    assert press(world, world.head, request_id, "authorisation") == 303
    assert press(world, world.sendco, request_id, "submission") == 303
    share_id = row(world, request_id).share_id
    assert world.scalar("select title from share_document where share_id = %s", share_id) == "Report"


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
