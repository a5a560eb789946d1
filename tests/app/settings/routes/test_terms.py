"""Term dates begin as the partnership's and become the school's own."""

from uuid import UUID

import pytest

from tests.world import World


def day(name: str, when: str) -> dict[str, str]:
    year, month, date = when.split("-")
    return {f"{name}-day": date, f"{name}-month": month, f"{name}-year": year}


AUTUMN = {"name": "Autumn 2030", **day("starts_on", "2030-9-3"), **day("ends_on", "2030-12-19")}
HALF_TERM = {**day("half_term_starts_on", "2030-10-28"), **day("half_term_ends_on", "2030-11-1")}


def term_of(world: World) -> UUID:
    return UUID(
        str(world.scalar("select id from term where tenant_id = %s order by starts_on", world.larkrise.id))
    )


def test_until_a_school_has_its_own_it_sees_the_suggested_dates(world: World) -> None:
    page = world.browser(world.admin).get("/terms").text
    assert "Suggested term dates" in page
    assert "Use the suggested dates" in page


def test_the_suggested_dates_are_taken_once(world: World) -> None:
    browser = world.browser(world.admin)
    assert "Your term dates" in browser.follow(browser.post("/terms/suggested")).text
    count = world.scalar("select count(*) from term where tenant_id = %s", world.larkrise.id)
    assert count > 0
    assert browser.post("/terms/suggested").status_code == 409
    assert world.scalar("select count(*) from term where tenant_id = %s", world.larkrise.id) == count


def test_a_term_is_added_with_and_without_half_term(world: World) -> None:
    browser = world.browser(world.admin)
    assert browser.post("/terms", AUTUMN | HALF_TERM).status_code == 303
    spring = {"name": "Spring 2031", **day("starts_on", "2031-1-6"), **day("ends_on", "2031-4-4")}
    assert browser.post("/terms", spring).status_code == 303
    page = browser.get("/terms").text
    assert "28 October 2030 to 1 November 2030" in page
    assert "None" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Enter a name for the term"),
        (day("ends_on", "2030-9-3"), "The last day must be after the first day"),
        (day("ends_on", "2030-2-31"), "Last day of term must be a real date"),
        (day("half_term_ends_on", "2030-11-1"), "Enter the first day of half term"),
        (day("half_term_starts_on", "2030-10-28"), "Enter the last day of half term"),
        (HALF_TERM | day("half_term_ends_on", "2030-10-1"), "must be the first day or later"),
        (HALF_TERM | day("half_term_ends_on", "2031-1-5"), "Half term must be inside the term"),
    ],
)
def test_dates_that_cannot_be_are_explained(world: World, change: dict[str, str], sentence: str) -> None:
    response = world.browser(world.admin).post("/terms", AUTUMN | change)
    assert response.status_code == 422
    assert sentence in response.text
    assert world.scalar("select count(*) from term where tenant_id = %s", world.larkrise.id) == 0


def test_terms_do_not_overlap(world: World) -> None:
    browser = world.browser(world.admin)
    browser.post("/terms", AUTUMN)
    again = AUTUMN | {"name": "Christmas"} | day("starts_on", "2030-12-1") | day("ends_on", "2031-1-20")
    assert "These dates run into Autumn 2030" in browser.post("/terms", again).text


def test_a_change_does_not_run_into_another_term_either(world: World) -> None:
    browser = world.browser(world.admin)
    browser.post("/terms", AUTUMN)
    spring = {"name": "Spring 2031", **day("starts_on", "2031-1-6"), **day("ends_on", "2031-4-4")}
    browser.post("/terms", spring)
    page = browser.post(f"/terms/{term_of(world)}", AUTUMN | day("ends_on", "2031-1-20") | {"version": "1"})
    assert page.status_code == 422
    assert "These dates run into Spring 2031" in page.text


def test_a_term_is_changed_and_a_stale_change_shows_both(world: World) -> None:
    browser = world.browser(world.admin)
    browser.post("/terms", AUTUMN)
    path = f"/terms/{term_of(world)}"
    assert 'value="Autumn 2030"' in browser.get(path).text
    assert browser.post(path, AUTUMN | {"name": "Autumn", "version": "1"}).status_code == 303
    stale = browser.post(path, AUTUMN | {"name": "Michaelmas", "version": "1"})
    assert stale.status_code == 409
    assert "just changed this term to: Autumn, 3 September 2030" in stale.text
    assert 'value="Michaelmas"' in stale.text
    assert browser.post(path, AUTUMN | {"name": "Michaelmas", "version": "2"}).status_code == 303


def test_a_term_is_removed(world: World) -> None:
    browser = world.browser(world.admin)
    browser.post("/terms", AUTUMN)
    assert browser.post(f"/terms/{term_of(world)}/removal").status_code == 303
    assert "Suggested term dates" in browser.get("/terms").text


def test_the_sendco_reads_and_another_school_finds_nothing(world: World) -> None:
    world.browser(world.admin).post("/terms", AUTUMN)
    sendco = world.browser(world.sendco)
    assert "Autumn 2030" in sendco.get("/terms").text
    assert "Add a term" not in sendco.get("/terms").text
    assert sendco.post("/terms", AUTUMN).status_code == 403
    assert world.browser(world.teacher).get("/terms").status_code == 403
    assert world.browser(world.other_admin).get(f"/terms/{term_of(world)}").status_code == 404
    assert "Autumn 2030" not in world.browser(world.other_admin).get("/terms").text


def test_a_locality_keeps_dates_of_its_own(world: World) -> None:
    assert world.browser(world.clerk).post("/terms", AUTUMN).status_code == 303
    assert "Autumn 2030" in world.browser(world.clerk).get("/terms").text
    assert "Autumn 2030" not in world.browser(world.admin).get("/terms").text
    assert world.browser(world.area_lead).post("/terms", AUTUMN).status_code == 403
    assert world.browser(world.member).get("/terms").status_code == 403
