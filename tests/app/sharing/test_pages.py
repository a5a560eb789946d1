"""Staff pages about asks, answers and shares."""

from uuid import UUID

import pytest

from app.kernel.clock import today
from infrastructure.database.ids import new_id
from tests.builders.sharing import asked, consented, shared_with
from tests.world import Somebody, World


def contact(world: World, who: Somebody) -> str:
    return str(world.scalar("select contact_id from guardianship where id = %s", who.links["amara"]))


def heard(world: World, **changed: str) -> dict[str, str]:
    day = today()
    date = {"given_on-day": str(day.day), "given_on-month": str(day.month), "given_on-year": str(day.year)}
    return {"contact_id": contact(world, world.mother), "given": "yes", "method": "phone", **date} | changed


def test_the_page_says_what_was_asked_who_answered_and_what_next(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    page = world.browser(world.sendco).get(f"/consents/{ask_id}").text
    for words in (
        "Waiting for an answer",
        "Chika Okonjo",
        "David Vale",
        "Why now",
        "she needs",
        "Nobody has answered",
    ):
        assert words in page
    assert "Aunt Ify" not in page
    consented(world, world.amara, ask_id)
    consented(world, world.amara, ask_id, world.father, given=False)
    page = world.browser(world.sendco).get(f"/consents/{ask_id}").text
    assert "One parent has said no" in page
    assert "keeps all the help they get now" in page


@pytest.mark.parametrize(("who", "status"), [("sendco", 200), ("head", 200), ("dsl", 200), ("teacher", 403),
                                             ("assistant", 403), ("admin", 403), ("other_sendco", 404)])  # fmt: skip
def test_who_may_read_a_question(world: World, who: str, status: int) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    browser = world.browser(getattr(world, who))
    assert browser.get(f"/consents/{ask_id}").status_code == status
    assert browser.get(f"/pupils/{world.amara.id}/sharing").status_code == status


def test_reading_a_question_is_noted(world: World) -> None:
    world.browser(world.sendco).get(f"/consents/{asked(world, world.amara, world.ashmere)}")
    assert world.scalar("select what from read_log where pupil_id = %s", world.amara.id) == "consent"


def test_the_sendco_records_an_answer_by_phone(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    browser = world.browser(world.sendco)
    assert "What they said" in browser.get(f"/consents/{ask_id}/answers/new").text
    page = browser.follow(
        browser.post(f"/consents/{ask_id}/answers", heard(world, comment="Please go ahead."))
    )
    for words in ("The answer is on record", "You may share", "by phone", "Please go ahead.", "Priya Nair"):
        assert words in page.text
    assert world.events() == {"ConsentAnswered"}


@pytest.mark.parametrize("who", ["head", "dsl", "teacher", "admin"])
def test_nobody_else_records_an_answer(world: World, who: str) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    browser = world.browser(getattr(world, who))
    assert browser.get(f"/consents/{ask_id}/answers/new").status_code == 403
    assert browser.post(f"/consents/{ask_id}/answers", heard(world)).status_code == 403


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"contact_id": ""}, "Choose who answered"),
        ({"contact_id": "nonsense"}, "Choose who answered"),
        ({"given": ""}, "Choose yes or no"),
        ({"method": "portal"}, "Choose how they told you"),
        ({"given_on-day": ""}, "must include a day"),
        ({"given_on-year": "2999"}, "between the day you asked and today"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    world: World, changed: dict[str, str], sentence: str
) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    response = world.browser(world.sendco).post(
        f"/consents/{ask_id}/answers", heard(world, comment="Only if it helps.") | changed
    )
    assert response.status_code == 422
    assert sentence in response.text
    assert "Only if it helps." in response.text
    assert world.events() == set()


def test_an_answer_sent_twice_is_recorded_once(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    browser, sent = world.browser(world.sendco), heard(world) | {"idempotency_key": str(new_id())}
    for _ in range(2):
        assert browser.post(f"/consents/{ask_id}/answers", sent).status_code == 303
    assert world.scalar("select count(*) from consent where ask_id = %s", ask_id) == 1


def consent_of(world: World, share_id: UUID) -> UUID:
    return UUID(str(world.scalar("select consent_id from share where id = %s", share_id)))


def test_a_withdrawal_by_phone_ends_the_share(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    consent_id = consent_of(world, share_id)
    ask_id = world.scalar("select ask_id from consent where id = %s", consent_id)
    where = f"/consents/{ask_id}/answers/{consent_id}/withdrawal"
    browser = world.browser(world.dsl)
    assert "What they have already read" in browser.get(where).text
    assert browser.post(where, {"method": ""}).status_code == 422
    page = browser.follow(browser.post(where, {"method": "phone"})).text
    assert "Consent withdrawn" in page
    assert world.scalar("select revoked_because from share where id = %s", share_id) == "consent_withdrawn"
    assert browser.post(where, {"method": "phone"}).status_code == 409


def test_an_answer_to_another_question_is_not_found(world: World) -> None:
    consent_id = consent_of(world, shared_with(world, world.amara, world.ashmere))
    other = asked(world, world.amara, world.ashmere)
    where = f"/consents/{other}/answers/{consent_id}/withdrawal"
    browser = world.browser(world.sendco)
    assert browser.get(where).status_code == 404
    assert browser.post(where, {"method": "phone"}).status_code == 404


def test_the_sharing_page_says_who_has_what_and_stops_it(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    browser = world.browser(world.sendco)
    page = browser.get(f"/pupils/{world.amara.id}/sharing").text
    assert "Ashmere Speech and Language Therapy" in page
    assert "Stop sharing" in page
    where = f"/shares/{share_id}/revocation"
    assert "Why are you stopping?" in browser.get(where).text
    assert browser.post(where, {"because": " "}).status_code == 422
    page = browser.follow(browser.post(where, {"because": "Sent to the wrong service"})).text
    assert "Sharing has stopped" in page
    assert "Sent to the wrong service" in page
    assert browser.post(where, {"because": "Again"}).status_code == 409


def test_a_pupil_of_whom_nothing_is_shared_has_a_page_that_says_so(world: World) -> None:
    page = world.browser(world.sendco).get(f"/pupils/{world.idris.id}/sharing").text
    assert "Nothing about Idris has been shared" in page
    assert "You have not asked yet" in page


@pytest.mark.parametrize("path", ["/shares/{0}/revocation", "/consents/{0}", "/consents/{0}/answers/new"])
def test_what_does_not_exist_is_not_found(world: World, path: str) -> None:
    assert world.browser(world.sendco).get(path.format(new_id())).status_code == 404


def test_another_schools_share_cannot_be_stopped(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    path = f"/shares/{share_id}/revocation"
    browser = world.browser(world.other_sendco)
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"because": "Because"}).status_code == 404
    assert world.scalar("select revoked_at from share where id = %s", share_id) is None


@pytest.mark.parametrize(
    ("because", "words"),
    [("withdrawn_by_school", "Your school took it back"), ("replaced", "Your school sent a newer version")],
)
def test_why_sharing_ended_is_said_in_words(world: World, because: str, words: str) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    stopped = "update share set revoked_at = now(), revoked_because = %s where id = %s"
    world.execute(stopped, because, share_id)
    page = world.browser(world.sendco).get(f"/pupils/{world.amara.id}/sharing").text
    assert words in page
    assert because not in page


def test_a_closed_question_says_that_nothing_comes_of_it(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    world.execute("update consent_ask set closed_at = now() where id = %s", ask_id)
    page = world.browser(world.sendco).get(f"/consents/{ask_id}").text
    assert "You closed this question on" in page
    assert "Nobody can answer it now" in page
    assert "Record an answer" not in page
