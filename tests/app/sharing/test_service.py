"""The rules of asking, answering, taking back and sharing."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.kernel.access import Actor
from app.kernel.clock import today
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.pupils import queries as pupils
from app.sharing import queries, service
from app.sharing.documents import CleanDocument
from app.sharing.standing import State
from infrastructure.database.ids import new_id
from tests.builders.sharing import asked, consented, shared_with
from tests.world import Somebody, World

NEXT_YEAR = today() + timedelta(days=300)
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


def open_share(
    world: World, ask_id: UUID, who: Somebody, *, until: date = NEXT_YEAR, documents: Any = ()
) -> UUID:
    with world.acting(who):
        found = queries.load_ask(ask_id)
        consent_id = queries.standing(ask_id).consent_id
        return service.open_share(who.actor, found, consent_id or new_id(), until, documents).id


def test_a_share_is_a_copy_of_what_was_asked_and_ends_with_its_consent(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, ask_id, expires_on=today() + timedelta(days=20))
    share_id = open_share(world, ask_id, world.sendco)
    share = world.rows("select * from share where id = %s", share_id)[0]
    assert share.content == world.scalar("select content from consent_ask where id = %s", ask_id)
    assert share.expires_on == today() + timedelta(days=20)


def test_without_a_yes_nothing_is_shared(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    with pytest.raises(Conflict, match="You need a yes"):
        open_share(world, ask_id, world.sendco)


def clean_document(world: World) -> CleanDocument:
    facts: dict[str, Any] = {
        "title": "Speech report", "filename": "speech.pdf", "media_type": "application/pdf", "size_bytes": 9,
        "sha256": b"x" * 32, "clean_key": "clean/speech.pdf", "object_version": "1",
    }  # fmt: skip
    made = world.insert(
        "document", tenant_id=world.larkrise.id, pupil_id=world.amara.id, declared_type="application/pdf",
        status="clean", quarantine_key="q", **facts,
    )  # fmt: skip
    return CleanDocument(id=made, **facts)


def test_only_documents_that_the_family_has_seen_go_with_a_share(world: World) -> None:
    document = clean_document(world)
    with world.acting(world.sendco):
        named = ask(
            world, world.sendco.actor, documents=[{"title": "Speech report", "sha256": document.sha256.hex()}]
        )
        unnamed = ask(world, world.sendco.actor)
    for ask_id in (named, unnamed):
        consented(world, world.amara, ask_id)
    with pytest.raises(Conflict, match="has not seen one of these documents"):
        open_share(world, unnamed, world.sendco, documents=[document])
    share_id = open_share(world, named, world.sendco, documents=[document])
    assert world.scalar("select title from share_document where share_id = %s", share_id) == "Speech report"


def consent_of(world: World, share_id: UUID) -> UUID:
    return UUID(str(world.scalar("select consent_id from share where id = %s", share_id)))


def test_the_giver_takes_a_yes_back_and_the_guest_is_told_by_post_that_outlives_the_share(
    world: World,
) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    with world.acting(world.mother, child="amara"):
        service.withdraw(
            world.guardian_actor(world.mother, "amara"), queries.load_consent(consent_of(world, share_id))
        )
    assert world.scalar("select revoked_because from share where id = %s", share_id) == "consent_withdrawn"
    letters = world.rows("select kind, for_tenant_id, share_id, expanded_at from outbox_entry "
                         "where kind in ('ConsentWithdrawn', 'ShareStopped') and tenant_id = %s",
                         world.larkrise.id)  # fmt: skip
    assert {(letter.kind, letter.for_tenant_id) for letter in letters} == {
        ("ConsentWithdrawn", world.larkrise.id), ("ShareStopped", world.ashmere.id),
    }  # fmt: skip
    assert all(letter.share_id is None and letter.expanded_at is None for letter in letters)


def test_a_guest_who_never_had_anything_is_not_told(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consent_id = consented(world, world.amara, ask_id)
    with world.acting(world.mother, child="amara"):
        service.withdraw(world.guardian_actor(world.mother, "amara"), queries.load_consent(consent_id))
    assert [row[0] for row in world.rows("select for_tenant_id from outbox_entry "
            "where kind in ('ConsentWithdrawn', 'ShareStopped') and tenant_id = %s", world.larkrise.id)] == [world.larkrise.id]  # fmt: skip


def test_the_other_parent_can_neither_see_nor_take_back_the_yes(world: World) -> None:
    consent_id = consent_of(world, shared_with(world, world.amara, world.ashmere))
    with world.acting(world.father, child="amara"), pytest.raises(NotFound):
        queries.load_consent(consent_id)


def test_a_yes_that_was_given_on_paper_can_be_taken_back_online(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consent_id = consented(world, world.amara, ask_id, method="paper")
    with world.acting(world.mother, child="amara"):
        service.withdraw(world.guardian_actor(world.mother, "amara"), queries.load_consent(consent_id))
    assert state(world, ask_id) is State.WITHDRAWN


@pytest.mark.parametrize("who", ["sendco", "head", "dsl"])
def test_whoever_the_parent_tells_can_write_a_withdrawal_down(world: World, who: str) -> None:
    consent_id = consent_of(world, shared_with(world, world.amara, world.ashmere))
    somebody = getattr(world, who)
    with world.acting(somebody):
        service.withdraw(somebody.actor, queries.load_consent(consent_id), method="phone")
    row = world.rows(
        "select method, recorded_by, person_id from consent_withdrawal where consent_id = %s", consent_id
    )
    assert row == [("phone", somebody.id, None)]


def test_taking_back_twice_is_a_conflict(world: World) -> None:
    consent_id = consent_of(world, shared_with(world, world.amara, world.ashmere))
    with world.acting(world.sendco):
        service.withdraw(world.sendco.actor, queries.load_consent(consent_id), method="phone")
    with world.acting(world.sendco), pytest.raises(Conflict, match="already been withdrawn"):
        service.withdraw(world.sendco.actor, queries.load_consent(consent_id), method="phone")


def test_stopping_a_share_tells_its_guest(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    with world.acting(world.dsl):
        service.revoke(world.dsl.actor, queries.load_share(share_id), "Sent by mistake")
    assert world.scalar("select revoked_because from share where id = %s", share_id) == "Sent by mistake"
    assert world.events() == {"ShareStopped"}


def test_another_school_sees_none_of_it(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    with world.acting(world.other_sendco):
        for find, key in (
            (queries.load_share, share_id),
            (queries.load_consent, consent_of(world, share_id)),
        ):
            with pytest.raises(NotFound):
                find(key)
        assert queries.list_shares(world.amara.id) == []
    with world.acting(world.sendco):
        assert [share.id for share in queries.list_shares(world.amara.id)] == [share_id]
