"""The rules of sharing, taking back and stopping."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.kernel.clock import now, today
from app.kernel.errors import Conflict, NotFound
from app.sharing import queries, service
from app.sharing.documents import CleanDocument
from app.sharing.standing import State
from infrastructure.database.ids import new_id
from tests.builders.sharing import asked, consented, shared_with
from tests.world import Somebody, World

NEXT_YEAR = today() + timedelta(days=300)


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


def test_a_yes_to_a_question_that_was_closed_shares_nothing(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, ask_id)
    world.execute("update consent_ask set closed_at = now() where id = %s", ask_id)
    with pytest.raises(Conflict, match="has closed this question"):
        open_share(world, ask_id, world.sendco)
    assert world.scalar("select count(*) from share where tenant_id = %s", world.larkrise.id) == 0


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
    papers = {"documents": [{"title": "Speech report", "sha256": document.sha256.hex()}]}
    named, unnamed = (asked(world, world.amara, world.ashmere, content=content) for content in (papers, None))
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
    with world.acting(world.sendco):
        assert queries.standing(ask_id).state is State.WITHDRAWN


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


def test_a_no_is_not_taken_back(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    refusal = consented(world, world.amara, ask_id, given=False)
    with world.acting(world.sendco), pytest.raises(Conflict, match="This answer was no"):
        service.withdraw(world.sendco.actor, queries.load_consent(refusal), method="phone")
    assert world.events() == set()


def test_stopping_a_share_twice_is_a_conflict_and_so_is_closing_an_ask(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    ask_id = world.scalar("select id from consent_ask where tenant_id = %s", world.larkrise.id)
    with world.acting(world.sendco):
        service.revoke(world.sendco.actor, queries.load_share(share_id), "Sent by mistake")
        queries.load_ask(ask_id).close(at=now())
    with world.acting(world.sendco), pytest.raises(Conflict, match="Sharing has already stopped"):
        service.revoke(world.sendco.actor, queries.load_share(share_id), "Once more")
    with world.acting(world.sendco), pytest.raises(Conflict, match="has closed this question"):
        queries.load_ask(ask_id).close(at=now())
    assert world.scalar("select revoked_because from share where id = %s", share_id) == "Sent by mistake"


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
