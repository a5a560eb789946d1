"""A SENDCO puts a request together, and the service says plainly what is missing."""

from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from tests.builders import lss as builders
from tests.builders import plans
from tests.world import World

START = {"kind": "money"}


def started(world: World, **answers: str) -> UUID:
    response = world.browser(world.sendco).post(f"/pupils/{world.amara.id}/lss", {**START, **answers})
    assert response.status_code == 303, response.text
    return UUID(response.location.rsplit("/", 1)[1])


def version(world: World, request_id: UUID) -> int:
    return int(world.scalar("select version from lss_request where id = %s", request_id))


def status(world: World, request_id: UUID) -> str:
    return str(world.scalar("select status from lss_request where id = %s", request_id))


def test_a_request_begins_with_what_the_record_already_says(world: World) -> None:
    plans.reviewed_plan(world, world.amara)
    plans.agreed_plan(world, world.amara)
    request_id = started(world)
    row = world.rows("select * from lss_request where id = %s", request_id)[0]
    assert row.strengths == "Kind, curious and good with numbers."
    assert "Story language group" in row.tried
    assert "A good term. We carry on." in row.tried
    assert row.reference.startswith("LSS-")
    assert row.reference.endswith("-0001")
    assert "Kind, curious" in world.browser(world.sendco).get(f"/lss/requests/{request_id}/child").text


def test_references_count_up_at_each_school_for_itself(world: World) -> None:
    first, second = started(world), started(world)
    numbers = [
        world.scalar("select reference from lss_request where id = %s", one)[-4:] for one in (first, second)
    ]
    assert numbers == ["0001", "0002"]
    other = world.browser(world.other_sendco).post(f"/pupils/{world.noor.id}/lss", START)
    theirs = other.location.rsplit("/", 1)[1]
    assert world.scalar("select reference from lss_request where id = %s", theirs).endswith("-0001")


def test_what_is_missing_is_a_plain_list_and_is_enforced(world: World) -> None:
    request_id = builders.draft_request(world, world.amara, family_view="")
    browser = world.browser(world.sendco)
    page = browser.get(f"/lss/requests/{request_id}").text
    assert "Write down what the family says" in page
    assert "your locality asks for two reviews first, and there are no reviews so far" in page
    assert "Add what the help costs now to the agreed plan" in page
    refused = browser.post(f"/lss/requests/{request_id}/consent-ask", {"version": "1"})
    assert refused.status_code == 409
    assert status(world, request_id) == "draft"
    assert world.scalar("select count(*) from consent_ask where subject_id = %s", request_id) == 0


def test_a_discussion_is_always_allowed(world: World) -> None:
    bare: dict[str, Any] = {
        "tried": "",
        "strengths": "",
        "needs": "",
        "pupil_view": "",
        "family_view": "",
        "outcomes": "",
    }
    request_id = builders.draft_request(
        world, world.amara, kind="discussion", amount_pence=None, terms=None, **bare
    )
    browser = world.browser(world.sendco)
    assert "What is missing" not in browser.get(f"/lss/requests/{request_id}").text
    assert browser.post(f"/lss/requests/{request_id}/consent-ask", {"version": "1"}).status_code == 303
    assert status(world, request_id) == "with_family"


def test_the_locality_sets_the_gate(world: World) -> None:
    request_id = builders.draft_request(world, world.amara)
    rules = {"evidence": {"money": {"reviewed_cycles": 0, "costed_provision": False}}}
    world.insert("locality_rules", tenant_id=world.thornbeck.id, number=1, rules=Jsonb(rules))
    assert "What is missing" not in world.browser(world.sendco).get(f"/lss/requests/{request_id}").text


def test_saving_part_keeps_the_words_and_bad_input_loses_nothing(world: World) -> None:
    request_id = builders.draft_request(world, world.amara)
    browser = world.browser(world.sendco)
    path = f"/lss/requests/{request_id}/wanted"
    answers = {
        "kind": "money",
        "wanted": "A teacher of the deaf",
        "outcomes": "Hears",
        "amount_pence": "lots",
        "terms": "9",
    }
    response = browser.post(path, {**answers, "version": "1"})
    assert response.status_code == 422
    assert "Amount must be pounds and pence" in response.text
    assert "Number of terms must be a whole number between 1 and 6" in response.text
    assert "A teacher of the deaf" in response.text
    answers |= {"amount_pence": "£2,080", "terms": "2"}
    assert browser.post(path, {**answers, "version": "1"}).status_code == 303
    row = world.rows("select wanted, amount_pence, terms from lss_request where id = %s", request_id)[0]
    assert row == ("A teacher of the deaf", 208000, 2)


def test_a_stale_save_shows_both_texts(world: World) -> None:
    request_id = builders.draft_request(world, world.amara)
    path = f"/lss/requests/{request_id}/reasons"
    browser = world.browser(world.sendco)
    browser.post(path, {"why_now": "Hers came first", "tried": "", "version": "1"})
    response = browser.post(path, {"why_now": "Mine came second", "tried": "", "version": "1"})
    assert response.status_code == 409
    assert "Hers came first" in response.text
    assert "Mine came second" in response.text
    assert f'name="version" value="{version(world, request_id)}"' in response.text


def test_sending_the_first_form_twice_makes_one_request(world: World) -> None:
    browser = world.browser(world.sendco)
    key = "01920000-0000-7000-8000-000000000001"
    answers = [
        browser.post(f"/pupils/{world.amara.id}/lss", {**START, "idempotency_key": key}) for _ in range(2)
    ]
    assert answers[0].location == answers[1].location
    assert world.scalar("select count(*) from lss_request where pupil_id = %s", world.amara.id) == 1


def test_identifying_words_are_pointed_out_and_never_block(world: World) -> None:
    request_id = builders.draft_request(
        world,
        world.amara,
        kind="discussion",
        why_now="Amara Okonjo-Vale of TB1 4QX, number H823432120001, is tired.",
    )
    browser = world.browser(world.sendco)
    page = browser.get(f"/lss/requests/{request_id}").text
    for what in ("the child’s surname", "a postcode", "a pupil number"):
        assert f"“Why now” seems to have {what} in it" in page
    assert "“What you have tried” seems" not in page
    assert browser.post(f"/lss/requests/{request_id}/consent-ask", {"version": "1"}).status_code == 303


@pytest.mark.parametrize("who", ["teacher", "assistant", "admin"])
def test_people_without_the_whole_record_do_not_read_requests(world: World, who: str) -> None:
    request_id = builders.draft_request(world, world.amara)
    browser = world.browser(getattr(world, who))
    assert browser.get(f"/lss/requests/{request_id}").status_code == 403
    assert browser.get("/lss/requests").status_code == 403


def test_head_and_safeguarding_lead_read_and_do_not_write(world: World) -> None:
    request_id = builders.draft_request(world, world.amara)
    for who in (world.head, world.dsl):
        browser = world.browser(who)
        assert "Request LSS-" in browser.get(f"/lss/requests/{request_id}").text
        assert browser.get(f"/lss/requests/{request_id}/child").status_code == 403
        assert browser.post(f"/lss/requests/{request_id}/reasons", {"version": "1"}).status_code == 403


def test_another_schools_request_is_not_found(world: World) -> None:
    request_id = builders.draft_request(world, world.amara)
    browser = world.browser(world.other_sendco)
    for path in ("", "/child", "/evidence", "/consent-ask/new", "/submission/new"):
        assert browser.get(f"/lss/requests/{request_id}{path}").status_code == 404
    assert browser.post(f"/lss/requests/{request_id}/reasons", {"version": "1"}).status_code == 404
    assert "LSS-" not in browser.get("/lss/requests").text


def test_the_list_shows_what_the_school_has_asked(world: World) -> None:
    browser = world.browser(world.sendco)
    assert "You have not asked your locality for anything yet" in browser.get("/lss/requests").text
    builders.draft_request(world, world.amara)
    page = browser.get("/lss/requests").text
    assert "Amara Okonjo-Vale" in page
    assert "Draft" in page
