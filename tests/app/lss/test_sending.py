"""From a complete draft to the panel: the family, the head, the share."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from app.kernel.clock import today
from app.sharing import queries, service
from tests.builders import lss as builders
from tests.builders import plans
from tests.builders import sharing as consents
from tests.builders.lss import complete_request, press, press_ask, row
from tests.world import Somebody, World


def test_what_is_asked_is_frozen_and_says_who_the_child_is_to_nobody_else(world: World) -> None:
    request_id = complete_request(world)
    page = world.browser(world.sendco).get(f"/lss/requests/{request_id}/consent-ask/new").text
    assert "Amara O" in page
    press_ask(world, request_id)
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
    request_id = complete_request(world)
    ask_id = press_ask(world, request_id)
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
    request_id = complete_request(world)
    ask_id = press_ask(world, request_id)
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
    request_id = complete_request(world)
    ask_id = press_ask(world, request_id)
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


def test_a_stale_button_is_refused_and_says_so(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara, kind="discussion")
    stale = world.browser(world.head).post(f"/lss/requests/{request_id}/authorisation", {"version": "99"})
    assert stale.status_code == 409
    assert "Somebody changed this request" in stale.text
    assert row(world, request_id).status == "agreed"


def test_a_yes_that_comes_while_a_page_is_open_stops_neither_head_nor_sendco(world: World) -> None:
    request_id = complete_request(world)
    ask_id = press_ask(world, request_id)
    consents.consented(world, world.amara, ask_id)
    head, sendco = world.browser(world.head), world.browser(world.sendco)
    opened = version_on(head.get(f"/lss/requests/{request_id}/authorisation/new").text)
    ready(world, ask_id, by=world.father)
    world.run_errands()
    assert row(world, request_id).status == "agreed"
    authorised = head.post(f"/lss/requests/{request_id}/authorisation", {"version": opened})
    assert authorised.status_code == 303
    opened = version_on(sendco.get(f"/lss/requests/{request_id}/submission/new").text)
    assert sendco.post(f"/lss/requests/{request_id}/submission", {"version": opened}).status_code == 303


def test_what_somebody_is_writing_is_saved_though_the_family_answers_meanwhile(world: World) -> None:
    request_id, ask_id = builders.asked_request(world, world.amara)
    sendco, path = world.browser(world.sendco), f"/lss/requests/{request_id}/reasons"
    opened = version_on(sendco.get(path).text)
    ready(world, ask_id)
    world.run_errands()
    assert row(world, request_id).status == "agreed"
    answers = {"why_now": "Something new", "tried": "", "version": opened}
    assert sendco.post(path, answers).status_code == 303
    assert (row(world, request_id).status, row(world, request_id).why_now) == ("draft", "Something new")


def test_what_was_changed_meanwhile_is_not_sent_unseen(world: World) -> None:
    request_id, _ = builders.authorised_request(world, world.amara, kind="discussion")
    sendco = world.browser(world.sendco)
    opened = version_on(sendco.get(f"/lss/requests/{request_id}/submission/new").text)
    changed = {"why_now": "Something new", "tried": "", "version": opened}
    assert sendco.post(f"/lss/requests/{request_id}/reasons", changed).status_code == 303
    assert sendco.post(f"/lss/requests/{request_id}/submission", {"version": opened}).status_code == 409


def version_on(page: str) -> str:
    """What the form of an open page says it has seen."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]
