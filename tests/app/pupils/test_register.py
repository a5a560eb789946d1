"""The register: who sees whom, how it is searched, and what changes by hand."""

import re
from datetime import date, timedelta

import pytest

from app.kernel.clock import today
from tests.builders.counting import statements
from tests.builders.pupils import child, upn, with_upn
from tests.world import World

ANSWERS = {
    "legal_forenames": "Theodore",
    "legal_surname": "Rusk",
    "preferred_forename": "Teddy",
    "born_on-day": "30",
    "born_on-month": "jan",
    "born_on-year": "2017",
    "year_group": "4",
    "sen_provision": "K",
    "need_1": "SEMH",
}


def test_class_staff_see_their_classes_and_the_sendco_sees_the_school(world: World) -> None:
    teachers, sendcos = world.browser(world.teacher), world.browser(world.sendco)
    assert "Amara" in teachers.get("/pupils").text
    assert "Idris" not in teachers.get("/pupils").text
    assert "Idris" in sendcos.get("/pupils").text
    assert teachers.get(f"/pupils/{world.idris.id}").status_code == 404
    assert sendcos.get(f"/pupils/{world.idris.id}").status_code == 200
    assert "Noor" not in sendcos.get("/pupils").text


def test_a_pupil_of_another_school_looks_like_one_that_never_was(world: World) -> None:
    browser = world.browser(world.sendco)
    foreign = browser.get(f"/pupils/{world.noor.id}")
    random = browser.get(f"/pupils/{world.mother.id}")
    assert foreign.status_code == random.status_code == 404
    first, second = (re.sub(r'(nonce|value)="[^"]*"', "", page.text) for page in (foreign, random))
    assert first == second


@pytest.mark.parametrize("words", ["okonjo", "AMARA OKONJO", "vale", "okonjo-va"])
def test_the_search_finds_parts_of_names(world: World, words: str) -> None:
    page = world.browser(world.sendco).get("/pupils", query_string={"q": words}).text
    assert "Amara" in page
    assert "Idris" not in page


def test_a_search_that_finds_nobody_says_what_to_do(world: World) -> None:
    page = world.browser(world.sendco).get("/pupils", query_string={"q": "zzz%"}).text
    assert "Nobody matches" in page
    assert "the filter zzz%" in page


def test_filters_narrow_the_list_and_can_be_taken_away(world: World) -> None:
    page = world.browser(world.sendco).get("/pupils", query_string={"year": "4", "provision": "K"}).text
    assert "Idris" in page
    assert "Amara" not in page
    assert 'href="/pupils?provision=K"' in page


def test_a_long_list_has_pages_and_nonsense_is_page_one(world: World) -> None:
    for number in range(60):
        child(world, world.larkrise, f"Child{number:02d}", "Zed", born=date(2018, 1, 1))
    browser = world.browser(world.sendco)
    assert "(page 1 of 2)" in browser.get("/pupils").text
    assert "Child59" in browser.get("/pupils?page=2").text
    assert "(page 1 of 2)" in browser.get("/pupils?page=99").text
    assert "(page 1 of 2)" in browser.get("/pupils?page=x").text


def test_a_pupil_is_added_by_hand_and_found(world: World) -> None:
    browser = world.browser(world.sendco)
    response = browser.post("/pupils", {**ANSWERS, "class_id": str(world.class_2a)})
    assert "Teddy Rusk" in browser.follow(response).text
    assert "Teddy Rusk" in world.browser(world.teacher).get("/pupils").text
    assert "Teddy Rusk" in browser.get("/pupils?q=theodore").text


@pytest.mark.parametrize("who", ["teacher", "assistant", "head", "dsl"])
def test_others_do_not_keep_the_register(world: World, who: str) -> None:
    browser = world.browser(getattr(world, who))
    assert browser.get("/pupils/new").status_code == 403
    assert browser.post("/pupils", ANSWERS).status_code == 403
    assert browser.post(f"/pupils/{world.amara.id}/departure", {}).status_code == 403


def test_bad_answers_are_explained_and_kept(world: World) -> None:
    response = world.browser(world.sendco).post(
        "/pupils", {**ANSWERS, "born_on-year": "2999", "year_group": ""}
    )
    assert response.status_code == 422
    assert "Choose the year group" in response.text
    assert 'value="Theodore"' in response.text
    late = world.browser(world.sendco).post("/pupils", {**ANSWERS, "born_on-year": "2999"})
    assert "Date of birth must be in the past" in late.text
    count = "select count(*) from pupil where legal_surname = 'Rusk' and tenant_id = %s"
    assert world.scalar(count, world.larkrise.id) == 0


def test_a_class_of_another_school_is_not_taken(world: World) -> None:
    other = world.scalar("select class_id from pupil where id = %s", world.noor.id)
    response = world.browser(world.sendco).post("/pupils", {**ANSWERS, "class_id": str(other)})
    assert response.status_code == 422
    assert "Choose a class from the list" in response.text


def test_sending_the_form_twice_adds_one_pupil(world: World) -> None:
    browser = world.browser(world.sendco)
    form = {**ANSWERS, "idempotency_key": "018f0000-0000-7000-8000-000000000001"}
    assert browser.post("/pupils", form).location == browser.post("/pupils", form).location
    assert (
        world.scalar(
            "select count(*) from pupil where legal_surname = 'Rusk' and tenant_id = %s", world.larkrise.id
        )
        == 1
    )


def edited(world: World, **changes: str) -> dict[str, str]:
    held = world.rows("select version from pupil where id = %s", world.amara.id)[0]
    return {
        **ANSWERS,
        "legal_forenames": "Amara",
        "legal_surname": "Okonjo-Vale",
        "version": str(held.version),
        **changes,
    }


def test_a_class_move_changes_who_sees_the_pupil(world: World) -> None:
    browser = world.browser(world.admin)
    assert (
        browser.post(f"/pupils/{world.amara.id}", edited(world, class_id=str(world.class_4b))).status_code
        == 303
    )
    assert world.browser(world.teacher).get(f"/pupils/{world.amara.id}").status_code == 404


def test_a_stale_save_shows_both_and_loses_nothing(world: World) -> None:
    form = edited(world, preferred_forename="Ammie")
    world.browser(world.admin).post(f"/pupils/{world.amara.id}", edited(world, legal_surname="Vale"))
    response = world.browser(world.sendco).post(f"/pupils/{world.amara.id}", form)
    assert response.status_code == 409
    assert "Amara Vale" in response.text
    assert 'value="Ammie"' in response.text
    assert world.scalar("select preferred_forename from pupil where id = %s", world.amara.id) != "Ammie"
    assert (
        world.browser(world.sendco).post(f"/pupils/{world.amara.id}", {**form, "version": "2"}).status_code
        == 303
    )


def test_the_portal_follows_the_name_that_people_use(world: World) -> None:
    world.browser(world.sendco).post(f"/pupils/{world.amara.id}", edited(world, preferred_forename="Ammie"))
    name = "select child_name from guardianship where id = %s"
    assert world.scalar(name, world.mother.links["amara"]) == "Ammie"


def test_a_leaver_is_off_the_lists_and_out_of_sight_of_the_class_but_not_of_the_family(world: World) -> None:
    day = today() - timedelta(days=1)
    form = {"left_on-day": str(day.day), "left_on-month": str(day.month), "left_on-year": str(day.year)}
    browser = world.browser(world.admin)
    assert browser.post(f"/pupils/{world.amara.id}/departure", form).status_code == 303
    assert "Amara" not in browser.get("/pupils").text
    assert "Amara" in browser.get("/pupils?left=yes").text
    assert world.browser(world.teacher).get(f"/pupils/{world.amara.id}").status_code == 404
    assert world.browser(world.sendco).get(f"/pupils/{world.amara.id}").status_code == 200
    assert (
        world.scalar("select status from guardianship where id = %s", world.mother.links["amara"]) == "active"
    )
    assert browser.post(f"/pupils/{world.amara.id}/departure", form).status_code == 409
    assert browser.post(f"/pupils/{world.amara.id}/return").status_code == 303
    assert "Amara" in browser.get("/pupils").text


def test_nobody_leaves_in_the_future(world: World) -> None:
    form = {"left_on-day": "1", "left_on-month": "1", "left_on-year": "2999"}
    response = world.browser(world.sendco).post(f"/pupils/{world.amara.id}/departure", form)
    assert response.status_code == 422
    assert "must be today or in the past" in response.text


def test_the_upn_is_on_the_admins_pages_and_on_nobody_elses(world: World) -> None:
    number = with_upn(world, world.amara, 1)
    admin = world.browser(world.admin)
    assert number in admin.get(f"/pupils/{world.amara.id}").text
    assert number in admin.get(f"/pupils/{world.amara.id}/edit").text
    pages = ["/", "/pupils", "/pupils?q=amara", "/pupils/new"]
    pages += [f"/pupils/{world.amara.id}{tail}" for tail in ("", "/edit", "/guardians", "/departure/new")]
    for who in (world.sendco, world.teacher, world.head, world.dsl, world.assistant):
        browser = world.browser(who)
        for page in pages:
            text = browser.get(page).text
            assert "UPN" not in text, page
            assert number not in text, page
        assert "Nobody matches" in browser.get(f"/pupils?q={number}").text


def test_only_the_admin_can_write_a_upn(world: World) -> None:
    number = upn(2)
    world.browser(world.sendco).post(f"/pupils/{world.amara.id}", edited(world, upn=number))
    assert (
        world.scalar(
            "select count(*) from pupil_upn where upn = %s and tenant_id = %s", number, world.larkrise.id
        )
        == 0
    )
    world.browser(world.admin).post(f"/pupils/{world.amara.id}", edited(world, upn=number))
    assert world.scalar("select upn from pupil_upn where pupil_id = %s", world.amara.id) == number


def test_a_wrong_upn_is_refused_and_an_unknown_authority_only_warned_of(world: World) -> None:
    admin = world.browser(world.admin)
    wrong = admin.post(f"/pupils/{world.amara.id}", edited(world, upn="A801200005001"))
    assert wrong.status_code == 422
    assert "first letter that does not fit" in wrong.text
    with_upn(world, world.idris, 3)
    taken = admin.post(f"/pupils/{world.amara.id}", edited(world, upn=upn(3)))
    assert "Another pupil of this school has this UPN" in taken.text
    saved = admin.follow(admin.post(f"/pupils/{world.amara.id}", edited(world, upn=upn(4, authority="000"))))
    assert "not on our list" in saved.text


def test_looking_at_a_pupil_is_noted(world: World) -> None:
    world.browser(world.sendco).get(f"/pupils/{world.amara.id}")
    row = world.rows("select what, role from read_log where pupil_id = %s", world.amara.id)[0]
    assert (row.what, row.role) == ("pupil page", "SENDCO")


@pytest.mark.parametrize(
    "tail", ["", "?q=a&year=4", "/{amara}", "/{amara}/edit", "/{amara}/guardians", "/new"]
)
def test_pages_take_three_statements_at_most(world: World, tail: str) -> None:
    for number in range(20):
        child(world, world.larkrise, f"Child{number:02d}", "Zed", born=date(2018, 1, 1))
    path = "/pupils" + tail.format(amara=world.amara.id)
    assert 1 < len(statements(world, world.sendco, path)) <= 3


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        ("dsl", ["Contacts", "Safeguarding"], []),
        ("sendco", ["Contacts"], ["Safeguarding"]),
        ("teacher", ["Overview"], ["Contacts", "Safeguarding"]),
    ],
)
def test_the_record_has_the_sections_that_a_person_may_open(
    world: World, who: str, shown: list[str], hidden: list[str]
) -> None:
    page = world.browser(getattr(world, who)).get(f"/pupils/{world.amara.id}").text
    tabs = re.findall(r'moj-sub-navigation__link"[^>]*>\s*([A-Z][a-z]+)', page)
    assert set(shown) <= set(tabs)
    assert set(hidden).isdisjoint(tabs)
