"""The first page shows each person what waits for them, in two statements."""

from datetime import timedelta

import pytest

from app.kernel.clock import today
from tests.builders.counting import statements
from tests.builders.plans import agreed_plan, draft_plan, shared_plan
from tests.builders.sharing import asked
from tests.world import World


def home(world: World, who: str) -> str:
    response = world.browser(getattr(world, who)).get("/")
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("who", ["sendco", "teacher", "assistant", "head", "dsl", "admin", "other_sendco"])
def test_everybody_has_a_first_page(world: World, who: str) -> None:
    assert "What needs you" in home(world, who)


def test_a_late_review_waits_for_the_sendco_and_the_class_teacher(world: World) -> None:
    agreed_plan(
        world, world.amara, next_review_on=today() - timedelta(days=3), starts_on=today() - timedelta(days=90)
    )
    agreed_plan(world, world.idris, next_review_on=today() + timedelta(days=60))
    for who in ("sendco", "teacher"):
        page = home(world, who)
        assert "Late" in page
        assert page.count("Amara Okonjo-Vale") == 1
    assert "Amara" not in home(world, "other_sendco")


def test_drafts_and_plans_with_families_are_kept_apart(world: World) -> None:
    draft_plan(world, world.amara, world.teacher)
    shared_plan(world, world.idris)
    page = home(world, "sendco")
    assert "Plans in draft" in page
    assert "Idris Bex" in page
    assert "Idris Bex" not in home(world, "teacher")


def test_a_child_with_sen_support_and_no_plan_is_a_plan_to_write(world: World) -> None:
    assert 'id="planless"' in home(world, "teacher")
    draft_plan(world, world.amara, world.teacher)
    assert 'id="planless"' not in home(world, "teacher")


def test_an_open_ask_waits_for_the_sendco_only(world: World) -> None:
    asked(world, world.amara, world.ashmere)
    assert "Waiting for consent" in home(world, "sendco")
    assert 'id="asked"' in home(world, "sendco")
    assert "Waiting for consent" not in home(world, "teacher")


def test_a_bar_waits_for_the_other_lead_and_for_nobody_else(world: World) -> None:
    link = world.father.links["amara"]
    form = {"to_status": "barred", "reason": "Court order of 3 March 2026."}
    world.browser(world.dsl).post(f"/pupils/{world.amara.id}/guardians/{link}/access-changes", form)
    assert "David Vale" in home(world, "head")
    for who in ("dsl", "sendco", "admin", "teacher"):
        assert "David Vale" not in home(world, who)


def test_a_new_note_waits_for_the_safeguarding_lead_only(world: World) -> None:
    answer = {
        "happened_on-day": "9",
        "happened_on-month": "3",
        "happened_on-year": "2026",
        "words": "A worry.",
    }
    world.browser(world.teacher).post(f"/pupils/{world.idris.id}/safeguarding-notes", {**answer})
    world.browser(world.sendco).post(f"/pupils/{world.idris.id}/safeguarding-notes", answer)
    assert 'id="notes"' in home(world, "dsl")
    assert "A worry" not in home(world, "dsl")
    for who in ("head", "sendco", "teacher"):
        assert "Safeguarding notes" not in home(world, who)


def test_a_request_waits_for_the_head(world: World) -> None:
    world.insert(
        "lss_request",
        tenant_id=world.larkrise.id,
        pupil_id=world.amara.id,
        reference="LSS-7",
        kind="advice",
        status="agreed",
    )
    assert "LSS-7" in home(world, "head")
    assert "LSS-7" not in home(world, "sendco")


def test_a_new_school_is_told_what_to_do_first(world: World) -> None:
    assert "Get your school ready" not in home(world, "admin")
    world.execute("update pupil set class_id = null where tenant_id = %s", world.millbrook.id)
    world.execute("delete from guardianship where tenant_id = %s", world.millbrook.id)
    world.execute("delete from contact where tenant_id = %s", world.millbrook.id)
    world.execute("delete from pupil where tenant_id = %s", world.millbrook.id)
    page = home(world, "other_admin")
    assert "Get your school ready" in page
    assert "/roll-imports/new" in page


def test_an_empty_desk_says_so(world: World) -> None:
    assert "Nothing waits for you today" in home(world, "head")


@pytest.mark.parametrize("who", ["sendco", "dsl", "admin"])
def test_the_page_takes_two_statements(world: World, who: str) -> None:
    assert len(statements(world, getattr(world, who), "/")) == 2  # the bind and the desk
