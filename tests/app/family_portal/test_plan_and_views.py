"""A parent reads the plan in plain words, answers it, and tells the school what they think."""

from datetime import date
from uuid import UUID

from app.kernel.clock import today
from infrastructure.database.ids import new_id
from tests.app.family_portal.test_children import without_tokens
from tests.builders.plans import agreed_plan, draft_plan, shared_plan, taken_back_plan
from tests.world import Somebody, World


def where(who: Somebody, rest: str, name: str = "amara") -> str:
    return f"/children/{who.links[name]}{rest}"


def end(world: World, plan_id: UUID) -> None:
    world.execute(
        "update plan set status = 'ceased', ended_on = starts_on, ended_because = 'She moved on.' where id = %s",
        plan_id,
    )


def test_the_plan_says_who_will_do_what_and_never_what_it_costs(world: World) -> None:
    agreed_plan(world, world.amara)
    page = world.browser(world.mother).get(where(world.mother, "/plan")).text
    for words in ("School will", "Run a story language group", "Home will", "Amara will", "Extra help",
                  "This is the plan now", "You and the school look at how the plan is going"):  # fmt: skip
        assert words in page
    assert "£" not in page
    assert "16.20" not in page


def test_a_draft_is_not_shown_and_the_page_says_what_happens_next(world: World) -> None:
    draft_plan(world, world.amara, world.sendco)
    page = world.browser(world.mother).get(where(world.mother, "/plan")).text
    assert "There is no plan to show yet" in page
    assert "Tell a story in order" not in page


def test_a_parent_agrees_and_the_plan_starts(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    version = world.scalar("select version from plan where id = %s", plan_id)
    browser = world.browser(world.mother)
    assert "Do you agree?" in browser.get(where(world.mother, "/plan")).text
    sent = {"agreed": "yes", "plan_version": str(version), "comment": "Thank you."}
    page = browser.follow(browser.post(where(world.mother, f"/plans/{plan_id}/agreement"), sent)).text
    assert "Thank you. The school has your answer." in page
    assert "This is the plan now" in page
    assert world.scalar("select status from plan where id = %s", plan_id) == "agreed"
    assert "You agreed" not in world.browser(world.father).get(where(world.father, "/plan")).text


def test_to_change_something_a_parent_says_what(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    version = world.scalar("select version from plan where id = %s", plan_id)
    browser, sent = world.browser(world.mother), {"agreed": "no", "plan_version": str(version)}
    response = browser.post(where(world.mother, f"/plans/{plan_id}/agreement"), sent)
    assert response.status_code == 422
    assert "Say what should change in the plan" in response.text
    response = browser.post(
        where(world.mother, f"/plans/{plan_id}/agreement"), sent | {"comment": "Shorter sessions."}
    )
    assert "Shorter sessions." in browser.follow(response).text
    assert world.scalar("select status from plan where id = %s", plan_id) == "shared"


def test_no_choice_is_explained_and_the_words_are_kept(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    version = world.scalar("select version from plan where id = %s", plan_id)
    sent = {"plan_version": str(version), "comment": "I have a question."}
    response = world.browser(world.mother).post(where(world.mother, f"/plans/{plan_id}/agreement"), sent)
    assert response.status_code == 422
    assert "Choose if you agree with the plan" in response.text
    assert "I have a question." in response.text


def test_a_plan_that_changed_meanwhile_is_shown_again_and_no_word_is_lost(world: World) -> None:
    plan_id = shared_plan(world, world.amara)
    sent = {"agreed": "yes", "plan_version": "1", "comment": "I read it twice."}
    response = world.browser(world.mother).post(where(world.mother, f"/plans/{plan_id}/agreement"), sent)
    assert response.status_code == 409
    assert "The school has changed the plan since you opened it." in response.text
    assert "I read it twice." in response.text
    assert world.scalar("select status from plan where id = %s", plan_id) == "shared"


def test_the_plan_of_another_child_is_not_found(world: World) -> None:
    idris, ilyas = shared_plan(world, world.idris), shared_plan(world, world.ilyas)
    own = world.browser(world.other_mother)
    assert own.get(where(world.other_mother, f"/plans/{ilyas}", "ilyas")).status_code == 200
    sent = {"agreed": "yes", "plan_version": "2"}
    for browser, who, name, plan_id in (
        (world.browser(world.mother), world.mother, "amara", idris),
        (own, world.other_mother, "idris", ilyas),  # a brother's plan under the other's address
    ):
        assert browser.get(where(who, f"/plans/{plan_id}", name)).status_code == 404
        found, random = (
            browser.post(where(who, f"/plans/{key}/agreement", name), sent) for key in (plan_id, new_id())
        )
        assert found.status_code == random.status_code == 404
        assert without_tokens(found.text) == without_tokens(random.text)
        assert world.scalar("select count(*) from plan_agreement where plan_id = %s", plan_id) == 0


def test_nobody_answers_a_plan_under_the_address_of_a_strangers_child(world: World) -> None:
    plan_id = shared_plan(world, world.idris)
    for link in (world.other_mother.links["idris"], world.barred.links["idris"], new_id()):
        for browser in (world.browser(world.mother), world.browser(world.barred)):
            sent = {"agreed": "yes", "plan_version": "2", "comment": "I read it."}
            response = browser.post(f"/children/{link}/plans/{plan_id}/agreement", sent)
            assert response.status_code == 404
            assert "Your answer was not sent" not in response.text


def test_an_answer_to_a_plan_that_was_taken_back_is_not_sent_and_no_word_is_lost(world: World) -> None:
    plan_id = taken_back_plan(world, world.amara)
    sent = {"agreed": "no", "plan_version": "2", "comment": "Shorter <b>sessions</b>, please."}
    response = world.browser(world.mother).post(where(world.mother, f"/plans/{plan_id}/agreement"), sent)
    assert response.status_code == 404
    assert "Your answer was not sent: this plan is not here any more." in response.text
    assert "Shorter &lt;b&gt;sessions&lt;/b&gt;, please." in response.text
    assert f'href="/children/{world.mother.links["amara"]}"' in response.text
    assert "Tell a story in order" not in response.text
    assert world.scalar("select count(*) from plan_agreement where plan_id = %s", plan_id) == 0


def test_before_and_after_the_answer_the_plan_says_when_it_starts_and_is_looked_at(world: World) -> None:
    for make in (shared_plan, agreed_plan):
        plan_id = make(world, world.amara, starts_on=date(2026, 9, 1), next_review_on=date(2027, 2, 9))
        page = world.browser(world.mother).get(where(world.mother, "/plan")).text
        assert "Its first day is 1 September 2026. We look at it together by 9 February 2027." in page
        end(world, plan_id)


def test_earlier_plans_stay_readable(world: World) -> None:
    first = agreed_plan(world, world.amara)
    agreed_plan(world, world.amara)
    browser = world.browser(world.mother)
    assert f"/plans/{first}" in browser.get(where(world.mother, "/plan")).text
    assert "This is an earlier plan" in browser.get(where(world.mother, f"/plans/{first}")).text


def test_a_parent_tells_the_school_what_they_think_and_reads_it_again(world: World) -> None:
    browser = world.browser(world.mother)
    page = browser.follow(browser.post(where(world.mother, "/views"), {"words": "She loves to draw."})).text
    assert "Thank you. The school can read what you wrote." in page
    assert "She loves to draw." in page
    assert world.events() == {"FamilyViewGiven"}


def test_two_adults_never_read_each_others_words(world: World) -> None:
    world.browser(world.mother).post(where(world.mother, "/views"), {"words": "She loves to draw."})
    for who in (world.father, world.carer):
        assert "She loves to draw." not in world.browser(who).get(where(who, "/views")).text


def test_an_empty_view_is_explained(world: World) -> None:
    response = world.browser(world.mother).post(where(world.mother, "/views"), {"words": "  "})
    assert response.status_code == 422
    assert "Enter what you want to say" in response.text
    assert world.events() == set()


def test_a_view_sent_twice_is_kept_once(world: World) -> None:
    browser, sent = (
        world.browser(world.mother),
        {"words": "She loves to draw.", "idempotency_key": str(new_id())},
    )
    for _ in range(2):
        assert browser.post(where(world.mother, "/views"), sent).status_code == 303
    assert world.scalar("select count(*) from family_view where pupil_id = %s", world.amara.id) == 1


def test_a_plan_that_ended_says_when_and_why_and_asks_for_nothing(world: World) -> None:
    plan_id = agreed_plan(world, world.amara)
    because = "Amara does well without extra help now."
    world.browser(world.sendco).post(
        f"/plans/{plan_id}/end",
        {
            "version": str(world.scalar("select version from plan where id = %s", plan_id)),
            "ended_on-day": str(today().day),
            "ended_on-month": str(today().month),
            "ended_on-year": str(today().year),
            "ended_because": because,
        },
    )
    browser = world.browser(world.mother)
    page = browser.get(where(world.mother, f"/plans/{plan_id}")).text
    assert "This plan ended on" in page
    assert because in page
    for gone in ("look at how the plan is going", "We look at it together"):
        assert gone not in page
    for rest in ("", "/plan"):
        page = browser.get(where(world.mother, rest)).text
        assert f"The last plan ended on {today().day} {today():%B %Y}." in page
        assert where(world.mother, f"/plans/{plan_id}") in page
        assert "There is no plan to show yet" not in page


def test_a_plan_that_ended_is_not_the_news_when_a_new_one_is_there(world: World) -> None:
    end(world, agreed_plan(world, world.amara))
    shared_plan(world, world.amara)
    browser = world.browser(world.mother)
    for rest in ("", "/plan"):
        assert "The last plan ended" not in browser.get(where(world.mother, rest)).text


def test_a_plan_that_ended_before_it_was_shown_again_is_not_told(world: World) -> None:
    end(world, taken_back_plan(world, world.amara))
    browser = world.browser(world.mother)
    for rest in ("", "/plan"):
        page = browser.get(where(world.mother, rest)).text
        assert "The last plan ended" not in page
        assert "She moved on." not in page
