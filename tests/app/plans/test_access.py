"""Who sees which plan, and who may do what with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from app.kernel.access import Audience
from infrastructure.database.door import db
from tests.builders.plans import agreed_plan, draft_plan, shared_plan
from tests.world import World


@pytest.mark.parametrize(
    ("who", "draft", "agreed"),
    [
        ("sendco", 200, 200),
        ("teacher", 200, 200),
        ("head", 200, 200),
        ("dsl", 200, 200),
        ("assistant", 404, 200),
        ("admin", 403, 403),
        ("other_sendco", 404, 404),
    ],
)
def test_who_reads_a_plan(world: World, who: str, draft: int, agreed: int) -> None:
    agreed_id, draft_id = agreed_plan(world, world.amara), draft_plan(world, world.amara, world.sendco)
    browser = world.browser(getattr(world, who))
    assert browser.get(f"/plans/{agreed_id}").status_code == agreed
    assert browser.get(f"/plans/{draft_id}").status_code == draft


@pytest.mark.parametrize("who", ["teacher", "assistant"])
def test_class_staff_do_not_find_plans_of_other_classes(world: World, who: str) -> None:
    plan_id = agreed_plan(world, world.idris)
    assert world.browser(getattr(world, who)).get(f"/plans/{plan_id}").status_code == 404
    assert world.browser(world.sendco).get(f"/plans/{plan_id}").status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [("sendco", 303), ("teacher", 303), ("head", 403), ("dsl", 403), ("assistant", 403), ("admin", 403)],
)
def test_who_drafts(world: World, who: str, status: int) -> None:
    assert world.browser(getattr(world, who)).post(f"/pupils/{world.amara.id}/plans").status_code == status


def test_a_teacher_does_not_draft_for_another_class(world: World) -> None:
    assert world.browser(world.teacher).post(f"/pupils/{world.idris.id}/plans").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("sendco", 303), ("teacher", 403), ("head", 403), ("assistant", 403)]
)
def test_only_the_sendco_shares(world: World, who: str, status: int) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    assert world.browser(getattr(world, who)).post(f"/plans/{plan_id}/share").status_code == status


@pytest.mark.parametrize(
    ("who", "seen"), [("sendco", True), ("head", True), ("teacher", False), ("dsl", False)]
)
def test_only_sendco_and_head_see_what_help_costs(world: World, who: str, seen: bool) -> None:
    page = world.browser(getattr(world, who)).get(f"/plans/{agreed_plan(world, world.amara)}").text
    assert "Reading one to one" in page
    assert ("£628.70" in page) is seen
    assert ("£" in page) is seen


def test_a_teacher_changes_help_without_its_price(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    line = world.scalar("select id from provision where plan_id = %s and position = 1", plan_id)
    teacher = world.browser(world.teacher)
    assert "£" not in teacher.get(f"/plans/{plan_id}/provision/{line}/edit").text
    answers = {
        "version": "1", "name": "Story group", "who": "Teaching assistant", "minutes_per_session": "30",
        "sessions_per_week": "2", "weeks": "12", "group_size": "4",
    }  # fmt: skip
    assert teacher.post(f"/plans/{plan_id}/provision/{line}", answers).status_code == 303
    assert world.scalar("select hourly_rate_pence from provision where id = %s", line) == 16_20
    assert world.scalar("select cost_pence from provision where id = %s", line) == 48_60


def test_a_teacher_saves_the_help_that_their_own_page_shows(world: World) -> None:
    """The page carries the version for everybody, also for those who see no prices."""
    plan_id = draft_plan(world, world.amara, world.sendco)
    line = world.scalar("select id from provision where plan_id = %s and position = 1", plan_id)
    teacher, path = world.browser(world.teacher), f"/plans/{plan_id}/provision/{line}"
    assert 'name="version" value="1"' in teacher.get(f"{path}/edit").text
    answers = {
        "name": "Story group", "who": "Teaching assistant", "minutes_per_session": "30",
        "sessions_per_week": "2", "weeks": "12", "group_size": "4",
    }  # fmt: skip
    assert teacher.post(path, answers | {"version": "1"}).status_code == 303
    stale = teacher.post(path, answers | {"version": "1", "weeks": "6"})
    assert stale.status_code == 409
    assert 'name="version" value="2"' in stale.text


def test_a_price_that_nobody_changed_is_not_named_as_changed(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    line = world.scalar("select id from provision where plan_id = %s and position = 1", plan_id)
    answers = {
        "name": "Story group", "who": "Teaching assistant", "minutes_per_session": "30", "sessions_per_week": "4",
        "weeks": "12", "group_size": "4", "hourly_rate_pence": "16.20", "one_off_pence": "", "version": "9",
    }  # fmt: skip
    page = world.browser(world.sendco).post(f"/plans/{plan_id}/provision/{line}", answers)
    assert page.status_code == 409
    assert "saved somewhere else while you were writing" in page.text
    assert "What help: saved meanwhile" in page.text
    assert "Cost of an hour: saved meanwhile" not in page.text


def test_postgresql_itself_keeps_drafts_from_assistants_and_families(world: World) -> None:
    agreed_plan(world, world.amara)
    draft_plan(world, world.amara, world.sendco)
    for who, child, plans, targets in (
        (world.teacher, None, 2, 4),
        (world.assistant, None, 1, 2),
        (world.mother, "amara", 1, 2),
        (world.other_mother, "idris", 0, 0),
    ):
        with world.acting(who, child=child) as session:
            assert session.scalar(text("select count(*) from plan")) == plans
            assert session.scalar(text("select count(*) from target")) == targets


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """What the web asks PostgreSQL meanwhile."""
    app = world.database.hosts.apps[Audience.SCHOOL]
    with app.app_context():
        engine, seen = db.engine, list[str]()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "part",
    ["", "/draft", "/draft/about", "/draft/needs", "/draft/removal/new", "/targets", "/provision", "/share/new",
     "/end/new"],
)  # fmt: skip
def test_a_page_takes_three_statements_whatever_is_in_the_plan(world: World, part: str) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    sendco = world.browser(world.sendco)
    sendco.get(f"/plans/{plan_id}{part}")
    with statements(world) as seen:
        assert sendco.get(f"/plans/{plan_id}{part}").status_code == 200
    logged = next(i for i, statement in enumerate(seen) if "log_read" in statement)
    assert logged - 1 <= 3  # the note of the reading is bound by a statement of its own


PAGES = (
    "/plans/{draft}", "/plans/{draft}/draft", "/plans/{draft}/draft/about", "/plans/{draft}/draft/needs",
    "/plans/{draft}/draft/dates", "/plans/{draft}/draft/removal/new", "/plans/{draft}/targets",
    "/plans/{draft}/targets/new", "/plans/{draft}/provision", "/plans/{draft}/provision/new",
    "/plans/{draft}/share/new", "/plans/{agreed}/end/new", "/plans/{shared}/agreements/new",
    "/plans/{agreed}/review/new", "/pupils/{pupil}/plans", "/pupils/{pupil}/plans/new",
)  # fmt: skip


def test_every_page_about_a_plan_says_whose_it_is_and_leads_through_the_record(world: World) -> None:
    ids = {
        "pupil": world.amara.id, "agreed": agreed_plan(world, world.amara),
        "draft": draft_plan(world, world.amara, world.sendco), "shared": shared_plan(world, world.idris),
    }  # fmt: skip
    for page in PAGES:
        shown = world.browser(world.sendco).get(page.format(**ids))
        assert shown.status_code == 200, page
        for words in ("moj-identity-bar", "moj-sub-navigation", "SEN support"):
            assert words in shown.text, (page, words)


def test_opening_a_plan_is_noted(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    world.browser(world.teacher).get(f"/plans/{plan_id}")
    assert world.scalar("select what from read_log where pupil_id = %s", world.amara.id) == "plan"
