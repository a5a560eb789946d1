"""Classes and who works in them: whoever is in a class sees its pupils, and stops when they leave it."""

from datetime import date
from uuid import UUID

import pytest

from app.kernel.errors import Conflict
from app.settings.models import SchoolClass
from tests.world import World


def held(world: World, name: str) -> UUID | None:
    of_this_year = "select id from school_class where tenant_id = %s and name = %s and ended_on is null"
    found: UUID | None = world.scalar(of_this_year, world.larkrise.id, name)
    return found


def test_the_admin_adds_a_class(world: World) -> None:
    browser = world.browser(world.admin)
    response = browser.post("/classes", {"name": "Acorns", "year_group": "0"})
    page = browser.follow(response).text
    assert "Acorns" in page
    assert "Reception" in page
    assert "Nobody yet" in page


def test_adding_twice_adds_once(world: World) -> None:
    browser = world.browser(world.admin)
    answers = {"name": "Acorns", "idempotency_key": "0198c0de-0000-7000-8000-000000000001"}
    for _ in range(2):
        assert browser.post("/classes", answers).status_code == 303
    assert (
        world.scalar(
            "select count(*) from school_class where name = 'Acorns' and tenant_id = %s", world.larkrise.id
        )
        == 1
    )


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"name": ""}, "Enter a name for the class"),
        ({"name": "2a"}, "There is a class with this name already"),
        ({"name": "x" * 41}, "Class name must be 40 characters or fewer"),
        ({"name": "Oaks", "year_group": "99"}, "Select a year group from the list"),
    ],
)
def test_what_cannot_be_taken_is_explained(world: World, answers: dict[str, str], sentence: str) -> None:
    response = world.browser(world.admin).post("/classes", answers)
    assert response.status_code == 422
    assert sentence in response.text


def test_the_sendco_reads_the_list_and_changes_nothing(world: World) -> None:
    browser = world.browser(world.sendco)
    page = browser.get("/classes").text
    assert "Bea Lowther, Tom Ashworth" in page
    assert "Add a class" not in page
    assert browser.post("/classes", {"name": "Oaks"}).status_code == 403
    assert browser.get(f"/classes/{world.class_2a}/staff").status_code == 403
    assert world.browser(world.teacher).get("/classes").status_code == 403


def test_a_class_of_another_school_is_not_found(world: World) -> None:
    browser = world.browser(world.other_admin)
    for path in ("", "/staff", "/ending"):
        assert browser.get(f"/classes/{world.class_2a}{path}").status_code == 404
    assert world.browser(world.admin).get(f"/classes/{world.class_2a}").status_code == 200


def test_a_class_is_renamed(world: World) -> None:
    answers = {"name": "2 Apple", "year_group": "2", "version": "1"}
    assert world.browser(world.admin).post(f"/classes/{world.class_2a}", answers).status_code == 303
    assert held(world, "2 Apple") == world.class_2a


def test_a_class_is_not_renamed_to_another(world: World) -> None:
    answers = {"name": "4b", "year_group": "2", "version": "1"}
    page = world.browser(world.admin).post(f"/classes/{world.class_2a}", answers)
    assert page.status_code == 422
    assert "There is a class with this name already" in page.text
    assert held(world, "2A") == world.class_2a


def test_a_class_that_has_ended_keeps_its_day() -> None:
    ended = SchoolClass(ended_on=date(2026, 1, 5))
    with pytest.raises(Conflict, match="already ended"):
        ended.end(on=date(2026, 7, 20))
    assert ended.ended_on == date(2026, 1, 5)


def test_a_stale_rename_shows_both_names(world: World) -> None:
    browser = world.browser(world.admin)
    browser.post(f"/classes/{world.class_2a}", {"name": "2 Apple", "version": "1"})
    response = browser.post(f"/classes/{world.class_2a}", {"name": "2 Pear", "version": "1"})
    assert response.status_code == 409
    assert "It is now called 2 Apple" in response.text
    assert 'value="2 Pear"' in response.text
    assert browser.post(f"/classes/{world.class_2a}", {"name": "2 Pear", "version": "2"}).status_code == 303


def test_a_class_with_pupils_does_not_end(world: World) -> None:
    browser = world.browser(world.admin)
    assert "1 pupil is" in browser.get(f"/classes/{world.class_2a}/ending").text
    assert browser.post(f"/classes/{world.class_2a}/ending").status_code == 409
    assert held(world, "2A") == world.class_2a


def test_an_empty_class_ends_and_leaves_its_name_to_the_next(world: World) -> None:
    world.execute("update pupil set class_id = null where class_id = %s", world.class_2a)
    browser = world.browser(world.admin)
    assert "free for a new class" in browser.get(f"/classes/{world.class_2a}/ending").text
    assert browser.post(f"/classes/{world.class_2a}/ending").status_code == 303
    assert held(world, "2A") is None
    assert world.scalar("select count(*) from class_staff where class_id = %s", world.class_2a) == 0
    assert browser.post("/classes", {"name": "2A"}).status_code == 303
    assert held(world, "2A") != world.class_2a


def test_whoever_is_put_in_a_class_sees_its_pupils_and_stops_when_taken_away(world: World) -> None:
    admin, teacher = world.browser(world.admin), world.browser(world.teacher)
    idris = f"/pupils/{world.idris.id}/safeguarding-notes/new"
    staff = f"/classes/{world.class_4b}/staff"
    assert teacher.get(idris).status_code == 404
    assert admin.post(staff, {"person_id": str(world.teacher.id)}).status_code == 303
    assert teacher.get(idris).status_code == 200
    line = world.scalar("select id from class_staff where class_id = %s", world.class_4b)
    assert admin.post(f"{staff}/{line}/removal").status_code == 303
    assert teacher.get(idris).status_code == 404


def test_only_somebody_of_the_school_and_only_once(world: World) -> None:
    staff = f"/classes/{world.class_2a}/staff"
    browser = world.browser(world.admin)
    for who, sentence in (
        (world.other_sendco, "Select somebody who works at your school"),
        (world.teacher, "This person already works in this class"),
    ):
        response = browser.post(staff, {"person_id": str(who.id)})
        assert response.status_code == 422
        assert sentence in response.text
    assert "Select who works in this class" in browser.post(staff, {"person_id": ""}).text


def test_a_line_of_another_class_is_not_found(world: World) -> None:
    line = world.scalar("select id from class_staff where class_id = %s limit 1", world.class_2a)
    browser = world.browser(world.admin)
    assert browser.post(f"/classes/{world.class_4b}/staff/{line}/removal").status_code == 404
    assert browser.post(f"/classes/{world.class_2a}/staff/{line}/removal").status_code == 303
