"""The rules of asking and answering."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.kernel.access import Actor
from app.kernel.clock import today
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.pupils import queries as pupils
from app.sharing import queries, service
from app.sharing.standing import State
from infrastructure.database.ids import new_id
from tests.builders.sharing import asked
from tests.world import Somebody, World

YES, NO = service.Answer(given=True), service.Answer(given=False, comment="Not yet.")


def heard(world: World, who: Somebody, **changed: Any) -> service.Recorded:
    contact = world.scalar("select contact_id from guardianship where id = %s", who.links["amara"])
    values = {"given": True, "contact_id": contact, "method": "phone", "given_on": today()} | changed
    return service.Recorded(**values)


def ask(world: World, actor: Actor, subject: UUID | None = None, **content: Any) -> UUID:
    asked = service.Ask(
        "referral", subject or new_id(), world.ashmere.id, world.ashmere.name, content or {"a": "b"}
    )
    return service.ask(actor, pupils.load_pupil(world.amara.id), asked).id


def test_asking_freezes_content_and_words_and_tells(world: World) -> None:
    with world.acting(world.sendco):
        ask_id = ask(world, world.sendco.actor, why_now="Now")
    row = world.rows("select * from consent_ask where id = %s", ask_id)[0]
    assert row.content == {"why_now": "Now"}
    assert "Larkrise Primary may send this referral to Ashmere" in row.wording
    assert world.events() == {"ConsentAsked"}


def test_asking_again_closes_the_older_ask(world: World) -> None:
    with world.acting(world.sendco):
        first = ask(world, world.sendco.actor, subject := new_id())
        second = ask(world, world.sendco.actor, subject)
    closed = dict(
        world.rows("select id, closed_at is not null from consent_ask where pupil_id = %s", world.amara.id)
    )
    assert closed == {first: True, second: False}


@pytest.mark.parametrize("who", ["teacher", "assistant", "head", "dsl", "admin"])
def test_only_the_sendco_asks_and_records(world: World, who: str) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    with world.acting(world.sendco), pytest.raises(Forbidden):
        ask(world, getattr(world, who).actor)
    with world.acting(world.sendco), pytest.raises(Forbidden):
        service.record_answer(getattr(world, who).actor, queries.load_ask(ask_id), heard(world, world.mother))


def answer(world: World, who: Somebody, ask_id: UUID, said: service.Answer = YES) -> UUID:
    with world.acting(who, child="amara"):
        return service.answer(world.guardian_actor(who, "amara"), queries.load_ask(ask_id), said).id


def state(world: World, ask_id: UUID) -> State:
    with world.acting(world.sendco):
        return queries.standing(ask_id).state


def test_a_parent_says_yes_and_the_school_may_share(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    assert state(world, ask_id) is State.WAITING
    answer(world, world.mother, ask_id)
    assert state(world, ask_id) is State.GIVEN
    assert world.events() == {"ConsentAnswered"}


def test_one_parents_no_blocks_until_that_parent_says_yes(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    answer(world, world.mother, ask_id)
    answer(world, world.father, ask_id, NO)
    assert state(world, ask_id) is State.REFUSED
    answer(world, world.father, ask_id)
    assert state(world, ask_id) is State.GIVEN


def test_a_carer_without_responsibility_is_told_kindly_and_nothing_is_kept(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    with pytest.raises(Forbidden, match="You can read this, and tell the school what you think"):
        answer(world, world.carer, ask_id)
    assert world.scalar("select count(*) from consent where ask_id = %s", ask_id) == 0


def test_a_barred_parent_finds_nothing_to_answer(world: World) -> None:
    ask_id = asked(world, world.idris, world.ashmere)
    with world.acting(world.barred, child="idris"), pytest.raises(NotFound):
        queries.load_ask(ask_id)
    with world.acting(world.other_mother, child="idris"):
        assert queries.load_ask(ask_id).pupil_id == world.idris.id


def test_a_yes_is_withdrawn_and_not_answered_over(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    answer(world, world.mother, ask_id)
    with pytest.raises(Conflict, match="withdraw the consent"):
        answer(world, world.mother, ask_id, NO)


def test_an_answer_to_an_ask_that_was_replaced_is_a_conflict(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    world.execute("update consent_ask set closed_at = now() where id = %s", ask_id)
    with pytest.raises(Conflict, match="asked again"):
        answer(world, world.mother, ask_id)


def record_answer(world: World, ask_id: UUID, said: service.Recorded) -> None:
    with world.acting(world.sendco):
        service.record_answer(world.sendco.actor, queries.load_ask(ask_id), said)


def test_an_answer_by_phone_holds_for_a_year_and_at_most_two(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    record_answer(world, ask_id, heard(world, world.mother))
    until: date = world.scalar("select expires_on from consent where ask_id = %s", ask_id)
    assert timedelta(days=364) <= until - today() <= timedelta(days=366)
    with pytest.raises(Invalid, match="within two years"):
        record_answer(world, ask_id, heard(world, world.father, expires_on=today() + timedelta(days=800)))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"given_on": today() + timedelta(days=1)}, "between the day you asked and today"),
        ({"given_on": today() - timedelta(days=2)}, "between the day you asked and today"),
        ({"contact_id": new_id()}, "Choose an adult who has parental responsibility"),
    ],
)
def test_what_cannot_be_true_is_not_recorded(world: World, changed: dict[str, Any], sentence: str) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    with pytest.raises(Invalid, match=sentence):
        record_answer(world, ask_id, heard(world, world.mother, **changed))


def test_the_answer_of_a_carer_cannot_be_recorded(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    with pytest.raises(Invalid, match="parental responsibility"):
        record_answer(world, ask_id, heard(world, world.carer))


def test_for_the_locality_the_parent_must_have_heard_of_their_right(world: World) -> None:
    ask_id = asked(world, world.amara, world.thornbeck, "lss")
    with pytest.raises(Invalid, match="EHC needs assessments"):
        record_answer(world, ask_id, heard(world, world.mother))
    record_answer(world, ask_id, heard(world, world.mother, told_about_ehc=True))
    assert state(world, ask_id) is State.GIVEN
