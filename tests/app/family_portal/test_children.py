"""The list of children and the page of one child: a family's own, and nobody else's."""

import re
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from infrastructure.database.ids import new_id
from tests.builders.plans import agreed_plan, shared_plan
from tests.builders.sharing import asked, consented
from tests.world import Somebody, World

PAGES = ("", "/plan", "/views", "/consents", "/documents", "/readers")


def child(who: Somebody, name: str = "amara", page: str = "") -> str:
    return f"/children/{who.links[name]}{page}"


def lss_request(world: World, status: str = "submitted", **more: object) -> UUID:
    return world.insert(
        "lss_request", tenant_id=world.larkrise.id, pupil_id=world.amara.id, reference=f"LSS-{new_id().hex[-6:]}",
        kind="advice", status=status, **more,
    )  # fmt: skip


def test_a_parent_sees_each_child_with_its_school(world: World) -> None:
    page = world.browser(world.mother).get("/").text
    for words in ("Amara", "Larkrise Primary", "Noor", "Millbrook Primary Academy", "SENDIASS"):
        assert words in page
    assert "Idris" not in page


def test_each_child_has_its_own_pages_at_its_own_school(world: World) -> None:
    browser = world.browser(world.mother)
    for name, school in (("amara", "Larkrise Primary"), ("noor", "Millbrook Primary Academy")):
        for page in PAGES:
            response = browser.get(child(world.mother, name, page))
            assert response.status_code == 200
            assert school in response.text


@pytest.mark.parametrize("status", ["barred", "pending", "restricted"])
def test_whoever_is_not_let_in_sees_what_a_stranger_sees(world: World, status: str) -> None:
    world.execute("update guardianship set status = %s where person_id = %s", status, world.barred.id)
    stranger = world.insert("person", email=f"nobody.{new_id().hex}@home.example", name="Karim Bex")
    seen = [
        world.browser(who).get("/").text
        for who in (world.barred, Somebody(stranger, "Karim Bex", "nobody@home.example"))
    ]
    assert "There are no children to show here." in seen[0]
    assert without_tokens(seen[0]) == without_tokens(seen[1])


def without_tokens(page: str) -> str:
    return re.sub(r'value="[0-9a-f-]{36,}"|nonce="[^"]+"', "", page)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["barred", "father", "carer"])
def test_another_familys_child_is_not_found(world: World, who: str, page: str) -> None:
    asked(world, world.idris, world.ashmere)
    assert world.browser(world.other_mother).get(child(world.other_mother, "idris", page)).status_code == 200
    for link in (world.other_mother.links["idris"], world.barred.links["idris"], new_id()):
        response = world.browser(getattr(world, who)).get(f"/children/{link}{page}")
        assert response.status_code == 404
        assert "Idris" not in response.text


def test_a_parent_who_is_barred_loses_the_pages_at_once(world: World) -> None:
    browser = world.browser(world.father)
    assert browser.get(child(world.father)).status_code == 200
    world.execute("update guardianship set status = 'barred' where person_id = %s", world.father.id)
    assert browser.get(child(world.father)).status_code == 404
    assert "Amara" not in browser.get("/").text


def test_the_other_parent_is_on_no_page(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, ask_id, world.father, given=False)
    agreed_plan(world, world.amara, said_by="David Vale")
    lss_request(world, "with_family")
    browser = world.browser(world.mother)
    for page in (*PAGES, f"/consents/{ask_id}"):
        text = browser.get(child(world.mother, "amara", page)).text
        assert "David" not in text
        assert "Vale" not in text
        assert world.father.email not in text


def test_first_comes_what_waits_for_the_reader(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    shared_plan(world, world.amara)
    page = world.browser(world.mother).get(child(world.mother)).text
    assert f"/consents/{ask_id}" in page
    assert "Say yes or no: A referral to Ashmere Speech and Language Therapy" in page
    assert "Read the new plan and say what you think" in page
    assert page.index("What happens next") < page.index("More about Amara")


def test_a_carer_is_not_asked_for_a_yes(world: World) -> None:
    asked(world, world.amara, world.ashmere)
    page = world.browser(world.carer).get(child(world.carer)).text
    assert "Say yes or no" not in page
    assert "There is nothing for you to do now" in page


def test_with_nothing_to_do_the_page_says_so_and_when_the_plan_is_looked_at(world: World) -> None:
    browser = world.browser(world.mother)
    assert "There is nothing for you to do now" in browser.get(child(world.mother)).text
    agreed_plan(world, world.amara)
    page = browser.get(child(world.mother)).text
    assert "You and the school look at how the plan is going" in page
    assert "There is nothing for you to do now" not in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("with_family", "Nothing has been sent"),
        ("submitted", "A group of people from schools will talk about it"),
        ("withdrawn", "This has stopped"),
    ],
)
def test_where_a_request_stands_is_said_in_plain_words(world: World, status: str, words: str) -> None:
    lss_request(world, status, ask_id=asked(world, world.amara, world.thornbeck, "lss"))
    page = world.browser(world.mother).get(child(world.mother)).text
    assert "A request for help to Thornbeck Locality Partnership" in page
    assert words in page
    assert "You can ask the council" in page


def test_a_decision_is_told_with_its_reason(world: World) -> None:
    lss_request(
        world,
        "decided",
        decision=Jsonb({"outcome": "agree", "amount_pence": 90000, "reason": "It helps now."}),
    )
    page = world.browser(world.mother).get(child(world.mother)).text
    assert "The group has said yes. The school gets £900 for this help. They wrote: It helps now." in page


@pytest.mark.parametrize(
    ("facts", "money", "after"),
    [
        ({"outcome": "agree", "amount_pence": 90000, "terms": 3}, "£900 over 3 terms for this help", "what changes in the plan"),
        ({"outcome": "agree_in_part", "amount_pence": 100, "terms": 1}, "£1 over 1 term for this help", "what else can help"),
        ({"outcome": "decline", "amount_pence": None, "terms": None}, "", "what to do next"),
    ],
)  # fmt: skip
def test_a_decision_says_for_how_long_and_what_comes_after(
    world: World, facts: dict[str, object], money: str, after: str
) -> None:
    lss_request(world, "decided", decision=Jsonb(facts | {"reason": "It helps."}))
    page = world.browser(world.mother).get(child(world.mother)).text
    assert money in page
    assert ("£" in page) == bool(money)
    assert "The school will talk with you about" in page
    assert after in page


def message(world: World, who: Somebody, name: str = "amara") -> None:
    about = getattr(world, name)
    world.insert(
        "notification", tenant_id=about.tenant_id, person_id=who.id, pupil_id=about.id, kind="plan_shared",
        audience="family", path=child(who, name, "/plan"),
    )  # fmt: skip


def test_the_first_page_says_that_there_are_new_messages_and_the_child_has_the_way_to_them(
    world: World,
) -> None:
    browser = world.browser(world.mother)
    assert "new message" not in browser.get("/").text
    message(world, world.mother)
    assert "You have 1 new message." in browser.get("/").text
    message(world, world.mother, "noor")
    message(world, world.father)
    assert "You have 2 new messages." in browser.get("/").text
    assert child(world.mother, "amara", "/messages") in browser.get(child(world.mother)).text


def test_a_message_about_a_child_that_the_parent_is_barred_from_is_not_counted(world: World) -> None:
    message(world, world.father)
    browser = world.browser(world.father)
    assert "You have 1 new message." in browser.get("/").text
    world.execute("update guardianship set status = 'barred' where person_id = %s", world.father.id)
    assert "new message" not in browser.get("/").text


def test_the_first_page_runs_three_statements_at_most(world: World, statements: list[str]) -> None:
    message(world, world.mother)
    browser = world.browser(world.mother)
    statements.clear()
    assert browser.get("/").status_code == 200
    assert len(statements) <= 3, statements


def test_a_draft_is_the_schools_own(world: World) -> None:
    lss_request(world, "draft")
    assert "A request for help" not in world.browser(world.mother).get(child(world.mother)).text


def test_a_page_about_a_child_runs_three_statements_at_most(world: World, statements: list[str]) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    agreed_plan(world, world.amara)
    browser = world.browser(world.mother)
    for page in (*PAGES, f"/consents/{ask_id}"):
        statements.clear()
        assert browser.get(child(world.mother, "amara", page)).status_code == 200
        assert len(statements) <= 3, (page, statements)


@pytest.mark.parametrize(("who", "status"), [("sendco", 404), ("professional", 404)])
def test_staff_have_no_family_pages(world: World, who: str, status: int) -> None:
    somebody = getattr(world, who)
    browser = world.browser(somebody, share_id=new_id() if who == "professional" else None)
    assert browser.get(child(world.mother)).status_code == status
