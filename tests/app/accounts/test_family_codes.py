"""What a mailed code is good for, and that no stranger stands in its way."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts import codes
from app.kernel.access import Audience
from tests.builders.accounts import Visitor
from tests.builders.family_codes import HOST, ask, enter, mailed_codes, wrong
from tests.world import World


def test_a_code_works_once(world: World) -> None:
    visitor = ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    assert enter(visitor, code) == 303
    code_id = world.scalar("select id from email_code where person_id = %s", world.mother.id)
    with world.database.hosts.apps[Audience.FAMILY].app_context():
        assert codes.use(codes.FAMILY, code_id, code).outcome == "over"


@pytest.mark.parametrize("wrong_tries", [4, 5])
def test_five_wrong_tries_close_a_code_even_for_the_right_one(world: World, wrong_tries: int) -> None:
    visitor = ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    assert [enter(visitor, wrong(code)) for _ in range(wrong_tries)] == [422] * wrong_tries
    assert enter(visitor, code) == (303 if wrong_tries == 4 else 429)


def test_five_tries_at_the_same_moment_are_five(world: World) -> None:
    ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    code_id = world.scalar("select id from email_code where person_id = %s", world.mother.id)
    app = world.database.hosts.apps[Audience.FAMILY]

    def attempt(_: int) -> str:
        with app.app_context():
            return codes.use(codes.FAMILY, code_id, wrong(code)).outcome

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(12)))
    assert sorted(outcomes) == ["spent"] * 7 + ["wrong"] * 5


def test_a_code_runs_out_after_ten_minutes(world: World) -> None:
    visitor = ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    query = "select expires_at - created_at from email_code where person_id = %s"
    assert world.scalar(query, world.mother.id).total_seconds() == 600
    world.execute("update email_code set expires_at = now() where person_id = %s", world.mother.id)
    response = visitor.post("/sign-in/code", {"code": code})
    assert response.status_code == 422
    assert "This code no longer works" in response.text


def test_the_code_of_another_purpose_is_refused(world: World) -> None:
    ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    code_id = world.scalar("select id from email_code where person_id = %s", world.mother.id)
    with world.database.hosts.apps[Audience.FAMILY].app_context():
        assert codes.use(codes.AGENCY, code_id, code).outcome == "over"
        assert codes.fingerprints(codes.AGENCY, code) != codes.fingerprints(codes.FAMILY, code)
        assert codes.use(codes.FAMILY, code_id, code).outcome == "right"


def test_somebody_elses_code_is_refused(world: World) -> None:
    ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    visitor = ask(world, world.father.email)
    assert enter(visitor, code) == 422
    assert visitor.session is None


def test_asking_again_sends_the_same_code_again_three_times_an_hour(world: World) -> None:
    visitor = Visitor(world, HOST)
    for _ in range(5):
        ask(world, world.mother.email, visitor)
    page = visitor.get("/sign-in/code").text
    assert "We cannot send more e-mails to this address for now" in page
    sent = mailed_codes(world)
    assert len(sent) == 3
    assert len(set(sent)) == 1
    assert enter(visitor, sent[0]) == 303


def test_a_code_that_is_nearly_over_is_not_sent_again_and_still_works(world: World) -> None:
    visitor = ask(world, world.mother.email)
    world.execute(
        "update email_code set expires_at = now() + interval '2 minutes' where person_id = %s",
        world.mother.id,
    )
    ask(world, world.mother.email, visitor)
    first, second = mailed_codes(world)
    assert first != second
    assert enter(visitor, first) == 303


def test_a_code_that_was_guessed_at_too_often_is_not_sent_again(world: World) -> None:
    visitor = ask(world, world.mother.email)
    (spent,) = mailed_codes(world)
    assert [enter(visitor, wrong(spent)) for _ in range(6)] == [422] * 5 + [429]
    ask(world, world.mother.email, visitor)
    fresh = mailed_codes(world)[-1]
    assert fresh != spent
    assert enter(visitor, fresh) == 303


def test_a_stranger_who_asks_and_guesses_with_a_parents_address_takes_nothing_from_the_parent(
    world: World,
) -> None:
    mother, stranger = ask(world, world.mother.email), Visitor(world, HOST)
    (code,) = mailed_codes(world)
    for _ in range(5):
        ask(world, world.mother.email, stranger)
        assert [enter(stranger, wrong(code)) for _ in range(6)][-1] == 429
    assert "We cannot send more e-mails" in stranger.get("/sign-in/code").text
    assert enter(stranger, code) == 429  # the mother's code is not the stranger's to use
    assert enter(mother, code) == 303
    later = ask(world, world.mother.email)
    assert "We cannot send more e-mails" not in later.get("/sign-in/code").text
    assert enter(later, mailed_codes(world)[-1]) == 303


def test_many_networks_together_have_fifteen_mails_sent_an_hour_and_a_code_that_came_still_works(
    world: World,
) -> None:
    mother = ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    pages = [ask(world, world.mother.email).get("/sign-in/code").text for _ in range(17)]
    assert ["We cannot send more e-mails" in page for page in pages] == [False] * 14 + [True] * 3
    assert len(mailed_codes(world)) == 15
    assert enter(mother, code) == 303


def test_the_sixteenth_network_gets_a_code_page_that_takes_no_code(world: World) -> None:
    for _ in range(15):
        ask(world, world.mother.email)
    late = ask(world, world.mother.email)
    ask(world, world.mother.email, late)
    sent = mailed_codes(world)
    assert len(sent) == 15
    assert [enter(late, code) for code in sent[:5]] == [422] * 5


def test_a_code_that_has_run_out_before_the_post_went_is_not_sent(world: World) -> None:
    ask(world, world.mother.email)
    world.execute("update email_code set expires_at = now() where person_id = %s", world.mother.id)
    assert mailed_codes(world) == []


def test_the_code_itself_is_stored_nowhere(world: World) -> None:
    ask(world, world.mother.email)
    (code,) = mailed_codes(world)
    row = world.scalar("select row_to_json(c)::text from email_code c where person_id = %s", world.mother.id)
    payload = world.scalar(
        "select payload::text from outbox_entry where kind = 'CodeAsked' and person_id = %s", world.mother.id
    )
    assert code not in row + payload
