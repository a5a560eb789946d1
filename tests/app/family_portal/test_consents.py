"""A parent reads exactly what would be sent, says yes or no, and takes a yes back."""

from uuid import UUID

import pytest

from infrastructure.database.ids import new_id
from tests.builders.sharing import asked, consented, shared
from tests.world import Somebody, World


def where(who: Somebody, ask_id: UUID, rest: str = "", name: str = "amara") -> str:
    return f"/children/{who.links[name]}/consents/{ask_id}{rest}"


def answers(world: World, ask_id: UUID) -> list[bool]:
    return [
        row.given
        for row in world.rows("select given from consent where ask_id = %s order by recorded_at", ask_id)
    ]


def test_the_page_shows_everything_that_would_be_sent_and_the_words_to_agree_to(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    page = world.browser(world.mother).get(where(world.mother, ask_id)).text
    for words in ("This is all that will be sent", "Amara finds it hard to say what she needs.", "Amara O",
                  "I agree that the school may send this.", "No, do not send this", "SENDIASS"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("given", "said", "event"), [("yes", "You said yes", [True]), ("no", "You said no", [False])]
)
def test_yes_and_no_are_both_answers(world: World, given: str, said: str, event: list[bool]) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    browser = world.browser(world.mother)
    response = browser.post(
        where(world.mother, ask_id, "/answer"), {"given": given, "comment": "We talked about it."}
    )
    page = browser.follow(response).text
    assert "Thank you. The school has your answer." in page
    assert said in page
    assert answers(world, ask_id) == event
    assert world.events() == {"ConsentAnswered"}


def test_what_was_agreed_to_is_kept_as_evidence(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    world.browser(world.mother).post(where(world.mother, ask_id, "/answer"), {"given": "yes"})
    row = world.rows("select c.*, a.content_hash as asked, a.wording from consent c join consent_ask a on a.id = c.ask_id "
                     "where c.ask_id = %s", ask_id)[0]  # fmt: skip
    assert (row.method, row.person_id, row.guardianship_id) == (
        "portal",
        world.mother.id,
        world.mother.links["amara"],
    )
    assert row.content_hash == row.asked
    assert row.basis == "parental_responsibility"


def test_no_choice_is_explained_and_the_words_are_kept(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    response = world.browser(world.mother).post(
        where(world.mother, ask_id, "/answer"), {"comment": "I am not sure."}
    )
    assert response.status_code == 422
    assert "Choose yes or no" in response.text
    assert "I am not sure." in response.text
    assert answers(world, ask_id) == []


def test_sending_twice_is_one_answer(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    browser, sent = world.browser(world.mother), {"given": "yes", "idempotency_key": str(new_id())}
    for _ in range(2):
        assert browser.post(where(world.mother, ask_id, "/answer"), sent).status_code == 303
    assert answers(world, ask_id) == [True]


def test_a_no_can_become_a_yes(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    browser = world.browser(world.mother)
    for given in ("no", "yes"):
        assert browser.post(where(world.mother, ask_id, "/answer"), {"given": given}).status_code == 303
    assert answers(world, ask_id) == [False, True]
    assert browser.post(where(world.mother, ask_id, "/answer"), {"given": "no"}).status_code == 409


def test_a_carer_reads_but_does_not_answer(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    browser = world.browser(world.carer)
    page = browser.get(where(world.carer, ask_id)).text
    assert "Only an adult with parental responsibility can say yes or no" in page
    assert "Send my answer" not in page
    response = browser.post(where(world.carer, ask_id, "/answer"), {"given": "yes"})
    assert response.status_code == 403
    assert "You can read this, and tell the school what you think." in response.text
    assert answers(world, ask_id) == []


def test_a_question_about_another_child_is_not_found(world: World) -> None:
    about_idris, about_noor = (
        asked(world, world.idris, world.ashmere),
        asked(world, world.noor, world.ashmere),
    )
    browser = world.browser(world.mother)
    assert browser.get(where(world.mother, about_noor, name="noor")).status_code == 200
    for ask_id in (about_idris, about_noor, new_id()):
        for rest in ("", "/withdrawal"):
            assert browser.get(where(world.mother, ask_id, rest)).status_code == 404
        assert browser.post(where(world.mother, ask_id, "/answer"), {"given": "yes"}).status_code == 404
        assert browser.post(where(world.mother, ask_id, "/withdrawal")).status_code == 404


def test_a_question_about_a_brother_is_not_found_under_the_others_address(world: World) -> None:
    ask_id = asked(world, world.ilyas, world.ashmere)
    browser = world.browser(world.other_mother)
    assert browser.get(where(world.other_mother, ask_id, name="ilyas")).status_code == 200
    assert browser.get(where(world.other_mother, ask_id, name="idris")).status_code == 404
    assert (
        browser.post(where(world.other_mother, ask_id, "/answer", name="idris"), {"given": "yes"}).status_code
        == 404
    )


def test_a_barred_parent_cannot_answer(world: World) -> None:
    ask_id = asked(world, world.idris, world.ashmere)
    response = world.browser(world.barred).post(
        where(world.barred, ask_id, "/answer", name="idris"), {"given": "yes"}
    )
    assert response.status_code == 404


def test_a_yes_is_taken_back_and_the_share_is_gone_at_once(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    share_id = shared(world, world.amara, ask_id, consented(world, world.amara, ask_id))
    browser = world.browser(world.mother)
    assert "Take back my yes" in browser.get(where(world.mother, ask_id)).text
    page = browser.get(where(world.mother, ask_id, "/withdrawal")).text
    assert "What stops at once" in page
    assert "What we cannot undo" in page
    page = browser.follow(browser.post(where(world.mother, ask_id, "/withdrawal"))).text
    assert "You have taken back your yes" in page
    assert "This is what was shared" in page
    assert "Nothing more is shared now." in page
    assert "nothing else" not in page
    assert world.scalar("select revoked_because from share where id = %s", share_id) == "consent_withdrawn"
    assert "ConsentWithdrawn" in world.events()


@pytest.mark.parametrize("after", ["no", "taken_back", "closed"])
def test_what_is_not_sent_is_never_promised(world: World, after: str) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    browser = world.browser(world.mother)
    if after == "closed":
        world.execute("update consent_ask set closed_at = now() where id = %s", ask_id)
    else:
        consented(world, world.amara, ask_id, given=after == "taken_back")
    if after == "taken_back":
        browser.post(where(world.mother, ask_id, "/withdrawal"))
    page = browser.get(where(world.mother, ask_id)).text
    assert "This is what the school asked to send" in page
    assert "It is not sent." in page
    for promise in ("This is all that will be sent", "nothing else", "This is what was shared"):
        assert promise not in page
    assert page.count("please read and answer that") == (after == "closed")


def test_a_closed_question_with_other_words_was_not_shared(world: World) -> None:
    subject = new_id()
    first = asked(world, world.amara, world.ashmere, subject_id=subject, content={"child": "Amara O"})
    world.execute("update consent_ask set closed_at = now() where id = %s", first)
    second = asked(world, world.amara, world.ashmere, subject_id=subject)
    shared(world, world.amara, second, consented(world, world.amara, second))
    browser = world.browser(world.mother)
    assert "This is all that was sent" in browser.get(where(world.mother, second)).text
    assert "It is not sent." in browser.get(where(world.mother, first)).text


def test_the_same_words_asked_anew_wait_for_an_answer_again(world: World) -> None:
    subject = new_id()
    first = asked(world, world.amara, world.ashmere, subject_id=subject)
    shared(world, world.amara, first, consented(world, world.amara, first))
    browser = world.browser(world.mother)
    browser.post(where(world.mother, first, "/withdrawal"))
    world.execute("update consent_ask set closed_at = now() where id = %s", first)
    second = asked(world, world.amara, world.ashmere, subject_id=subject)
    assert "This is all that will be sent" in browser.get(where(world.mother, second)).text
    assert "Nothing more is shared now." in browser.get(where(world.mother, first)).text


def test_taking_back_twice_has_one_effect(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, ask_id)
    browser, key = world.browser(world.mother), {"idempotency_key": str(new_id())}
    for _ in range(2):
        assert browser.post(where(world.mother, ask_id, "/withdrawal"), key).status_code == 303
    assert browser.post(where(world.mother, ask_id, "/withdrawal")).status_code == 409


def test_the_other_parents_yes_cannot_be_seen_or_taken_back(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, ask_id)
    browser = world.browser(world.father)
    page = browser.get(where(world.father, ask_id)).text
    assert "You said" not in page
    assert "Take back my yes" not in page
    assert browser.post(where(world.father, ask_id, "/withdrawal")).status_code == 409
    assert world.scalar("select count(*) from consent_withdrawal where pupil_id = %s", world.amara.id) == 0


def test_a_yes_that_the_school_wrote_down_is_shown_to_its_giver_only(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, ask_id, method="paper")
    assert "You said yes" in world.browser(world.mother).get(where(world.mother, ask_id)).text
    assert "You said" not in world.browser(world.father).get(where(world.father, ask_id)).text


def test_past_questions_and_answers_are_listed(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, ask_id, given=False)
    world.execute("update consent_ask set closed_at = now() where id = %s", ask_id)
    asked(world, world.amara, world.thornbeck, "lss")
    page = world.browser(world.mother).get(f"/children/{world.mother.links['amara']}/consents").text
    assert "A request for help to Thornbeck Locality Partnership" in page
    assert "Your answer is needed" in page
    assert "You said no" in page
    assert "The school has closed this question." in page


def test_a_no_after_it_was_sent_is_answered_honestly(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    shared(world, world.amara, ask_id, consented(world, world.amara, ask_id))
    browser = world.browser(world.father)
    page = browser.follow(browser.post(where(world.father, ask_id, "/answer"), {"given": "no"})).text
    assert "The school has your answer and talks with you" in page
    assert "before you said no" in page
    staff = world.browser(world.sendco).get(f"/consents/{ask_id}").text
    assert "One parent has said no" in staff
    assert "decide if sharing has to stop" in staff
