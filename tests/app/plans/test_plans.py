"""From an empty page to an agreed plan, through the pages that people use."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.kernel.clock import today
from tests.builders.plans import agreed_plan, draft_plan, shared_plan
from tests.world import World

ABOUT = {"version": "1", "strengths": "Kind", "difficulties": "Long lists", "outcomes": "Two good friends"}
TARGET = {
    "title": "Tell a story in order",
    "need_code": "SLCN",
    "baseline": "Two things",
    "success_criterion": "Four things",
    "school_will": "Story group",
    "home_will": "Talk at tea time",
    "pupil_will": "Use my cards",
    "who": "Sam Field",
    "how_often": "Twice a week",
}
LINE = {
    "name": "Story language group",
    "who": "Teaching assistant",
    "minutes_per_session": "30",
    "sessions_per_week": "4",
    "weeks": "12",
    "group_size": "4",
}
PRICED = LINE | {"hourly_rate_pence": "16.20", "one_off_pence": ""}
REVIEW_ON = today() + timedelta(days=84)


def dates(starts_on: date, next_review_on: date) -> dict[str, str]:
    told = {"starts_on": starts_on, "next_review_on": next_review_on}
    parts = {"day": "%d", "month": "%b", "year": "%Y"}
    return {f"{name}-{part}": f"{day:{form}}" for name, day in told.items() for part, form in parts.items()}


DATES = {"version": "3"} | dates(today(), REVIEW_ON)


def started(world: World) -> UUID:
    world.browser(world.sendco).post(f"/pupils/{world.amara.id}/plans")
    return UUID(str(world.scalar("select id from plan where pupil_id = %s", world.amara.id)))


def test_a_plan_is_written_page_by_page_and_shared(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), started(world)
    assert sendco.post(f"/plans/{plan_id}/draft/about", ABOUT).status_code == 303
    needs = {"version": "2", "code_1": "SLCN", "description_1": "Short steps", "code_2": "SEMH"}
    assert sendco.post(f"/plans/{plan_id}/draft/needs", needs).status_code == 303
    assert sendco.post(f"/plans/{plan_id}/draft/dates", DATES).status_code == 303
    assert sendco.post(f"/plans/{plan_id}/targets", TARGET).status_code == 303
    assert sendco.post(f"/plans/{plan_id}/provision", PRICED).status_code == 303
    assert sendco.follow(sendco.post(f"/plans/{plan_id}/share")).status_code == 200
    page = sendco.get(f"/plans/{plan_id}").text
    for words in (
        "Shared with the family", "Kind", "Speech, language and communication needs", "Tell a story in order",
        "Amara will", "Use my cards", "£97.20", f"{REVIEW_ON.day} {REVIEW_ON:%B %Y}",
    ):  # fmt: skip
        assert words in page
    assert world.events() == {"PlanVersionOpened", "PlanShared"}


def test_the_first_plan_begins_with_the_needs_that_the_roll_knows(world: World) -> None:
    world.insert("pupil_need", tenant_id=world.larkrise.id, pupil_id=world.amara.id, rank=1, code="ASD")
    assert "Autism" in world.browser(world.sendco).get(f"/plans/{started(world)}").text


def test_an_unfinished_plan_cannot_be_shared_and_the_page_says_what_is_missing(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), started(world)
    assert "Cannot start yet" in sendco.get(f"/plans/{plan_id}/draft").text
    assert "add at least one target" in sendco.get(f"/plans/{plan_id}/share/new").text
    assert sendco.post(f"/plans/{plan_id}/share").status_code == 409
    assert world.scalar("select status from plan where id = %s", plan_id) == "draft"


def test_a_shared_plan_can_be_taken_back_and_changed(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), shared_plan(world, world.amara)
    assert sendco.post(f"/plans/{plan_id}/targets", TARGET).status_code == 409
    assert sendco.post(f"/plans/{plan_id}/share/removal").status_code == 303
    assert sendco.post(f"/plans/{plan_id}/targets", TARGET).status_code == 303


def test_sharing_twice_from_a_page_that_was_left_open_is_a_conflict(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), draft_plan(world, world.amara, world.sendco)
    assert sendco.post(f"/plans/{plan_id}/share").status_code == 303
    shared = world.rows("select version, shared_at from plan where id = %s", plan_id)
    again = sendco.post(f"/plans/{plan_id}/share")
    assert again.status_code == 409
    assert "This plan has already been shared with the family" in again.text
    assert world.rows("select version, shared_at from plan where id = %s", plan_id) == shared


def test_an_agreed_plan_never_changes_and_a_new_version_is_a_copy_of_it(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), agreed_plan(world, world.amara)
    assert sendco.post(f"/plans/{plan_id}/draft/about", ABOUT).status_code == 409
    sendco.post(f"/pupils/{world.amara.id}/plans", {"copy": ["needs", "targets"]})
    opened = world.rows("select id from plan where pupil_id = %s and number = 2", world.amara.id)[0].id
    page = sendco.get(f"/plans/{opened}").text
    assert "Ask for a break before it gets too much" in page
    assert "Kind, curious and good with numbers." in page
    assert "No help has been added yet" in page
    assert "Story language group" in sendco.get(f"/plans/{plan_id}").text


def test_there_is_only_one_open_plan(world: World) -> None:
    sendco = world.browser(world.sendco)
    draft_plan(world, world.amara, world.sendco)
    assert "not agreed yet" in sendco.get(f"/pupils/{world.amara.id}/plans/new").text
    second = sendco.post(f"/pupils/{world.amara.id}/plans")
    assert second.status_code == 409
    assert "There is already a plan that is not agreed yet" in second.text


def test_sending_a_target_twice_adds_one(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), started(world)
    same = TARGET | {"idempotency_key": "0192f0c4-0000-7000-8000-000000000001"}
    assert [sendco.post(f"/plans/{plan_id}/targets", same).status_code for _ in range(2)] == [303, 303]
    assert world.scalar("select count(*) from target where plan_id = %s", plan_id) == 1


def test_a_target_without_words_is_explained_and_what_was_typed_stays(world: World) -> None:
    page = world.browser(world.sendco).post(
        f"/plans/{started(world)}/targets", TARGET | {"title": "", "who": ""}
    )
    assert page.status_code == 422
    assert "Enter what the child will learn to do" in page.text
    assert "Enter who helps" in page.text
    assert "Talk at tea time" in page.text


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"code_1": ""}, "Choose the main need"),
        ({"code_1": "SLCN", "code_2": "SLCN"}, "Choose each need once"),
        ({"code_1": "SLCN", "description_2": "Short steps"}, "Choose the need that these words are about"),
        ({"code_1": "made up"}, "Choose the main need"),
    ],
)
def test_needs_that_make_no_sense_are_explained(world: World, answers: dict[str, str], sentence: str) -> None:
    page = world.browser(world.sendco).post(
        f"/plans/{started(world)}/draft/needs", {"version": "1"} | answers
    )
    assert page.status_code == 422
    assert sentence in page.text


@pytest.mark.parametrize(
    ("starts_in", "review_in", "sentence"),
    [
        (-367, -300, "The date the plan starts must be within a year of today"),
        (367, 400, "The date the plan starts must be within a year of today"),
        (0, 0, "The date of the next review must be after the start and within 12 months of it"),
        (-7, 360, "The date of the next review must be after the start and within 12 months of it"),
    ],
)
def test_dates_that_cannot_be_meant_are_explained(
    world: World, starts_in: int, review_in: int, sentence: str
) -> None:
    starts_on, review_on = today() + timedelta(days=starts_in), today() + timedelta(days=review_in)
    answers = {"version": "1"} | dates(starts_on, review_on)
    page = world.browser(world.sendco).post(f"/plans/{started(world)}/draft/dates", answers)
    assert page.status_code == 422
    assert sentence in page.text


def test_the_needs_of_the_plan_come_first_for_a_target(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    page = world.browser(world.sendco).get(f"/plans/{plan_id}/targets/new").text
    places = [page.index(f'value="{code}"') for code in ("SLCN", "SEMH", "ASD", "SPLD")]
    assert places[:2] == sorted(places)[:2]


def test_the_page_of_a_price_says_who_sees_the_total(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    for path in ("provision", "share/new", ""):
        page = world.browser(world.sendco).get(f"/plans/{plan_id}/{path}".rstrip("/")).text
        assert "the family and the panel see the yearly total" in page


def test_half_of_the_time_is_explained(world: World) -> None:
    page = world.browser(world.sendco).post(f"/plans/{started(world)}/provision", PRICED | {"weeks": ""})
    assert page.status_code == 422
    assert "Enter how many weeks it runs" in page.text
    assert 'value="16.20"' in page.text


def test_a_target_and_a_line_can_be_taken_out_of_a_draft(world: World) -> None:
    sendco, plan_id = world.browser(world.sendco), draft_plan(world, world.amara, world.sendco)
    for table, path in (("target", "targets"), ("provision", "provision")):
        part = world.scalar(f"select id from {table} where plan_id = %s order by position limit 1", plan_id)
        count = world.scalar(f"select count(*) from {table} where plan_id = %s", plan_id)
        assert sendco.post(f"/plans/{plan_id}/{path}/{part}/removal").status_code == 303
        assert world.scalar(f"select count(*) from {table} where plan_id = %s", plan_id) == count - 1


def test_a_stale_save_shows_both_texts_and_the_next_save_takes_what_was_put_together(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    sendco, teacher = world.browser(world.sendco), world.browser(world.teacher)
    about = ABOUT | {"version": "1"}
    assert (
        teacher.post(
            f"/plans/{plan_id}/draft/about", about | {"strengths": "The teacher’s words"}
        ).status_code
        == 303
    )
    page = sendco.post(f"/plans/{plan_id}/draft/about", about | {"strengths": "The SENDCO’s words"})
    assert page.status_code == 409
    assert "The teacher’s words" in page.text
    assert "The SENDCO’s words" in page.text
    assert 'name="version" value="2"' in page.text
    both = about | {"version": "2", "strengths": "Both"}
    assert sendco.post(f"/plans/{plan_id}/draft/about", both).status_code == 303


def test_a_stale_target_shows_both_texts(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    target = world.scalar("select id from target where plan_id = %s and position = 1", plan_id)
    path = f"/plans/{plan_id}/targets/{target}"
    first = TARGET | {"version": "1", "baseline": "The teacher’s words"}
    assert world.browser(world.teacher).post(path, first).status_code == 303
    page = world.browser(world.sendco).post(path, first | {"baseline": "The SENDCO’s words"})
    assert page.status_code == 409
    assert "The teacher’s words" in page.text
    assert "The SENDCO’s words" in page.text


def test_the_list_and_the_empty_list(world: World) -> None:
    teacher, path = world.browser(world.teacher), f"/pupils/{world.amara.id}/plans"
    assert "does not have a plan yet" in teacher.get(path).text
    agreed_plan(world, world.amara)
    assert "Agreed" in teacher.get(path).text
