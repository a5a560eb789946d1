"""What PostgreSQL itself does when consent is given and taken back, with row security forced on its own triggers."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import text

from app.kernel.clock import today
from infrastructure.database.ids import new_id
from tests.builders.sharing import asked, consented, shared, shared_with
from tests.world import World


def link_for(world: World, share_id: object) -> object:
    return world.insert(
        "link",
        tenant_id=world.larkrise.id,
        guest_tenant_id=world.ashmere.id,
        share_id=share_id,
        token_hash=new_id().bytes,
        mailbox="referrals@ashmere.example",
        expires_on=today() + timedelta(days=28),
    )


def withdraw(world: World, consent_id: object) -> None:
    world.insert(
        "consent_withdrawal",
        tenant_id=world.larkrise.id,
        consent_id=consent_id,
        pupil_id=world.amara.id,
        method="phone",
        said_by="Chika Okonjo",
        recorded_by=world.sendco.id,
    )


def consent_of(world: World, share_id: object) -> object:
    return world.scalar("select consent_id from share where id = %s", share_id)


def test_row_security_is_forced_on_every_table_that_the_triggers_touch(world: World) -> None:
    forced = world.rows(
        "select relname from pg_class where relrowsecurity and relforcerowsecurity and relname = any (%s)",
        [
            "share",
            "link",
            "session",
            "outbox_entry",
            "delivery",
            "consent",
            "consent_ask",
            "consent_withdrawal",
        ],
    )
    assert len(forced) == 8


def test_a_withdrawal_ends_share_link_session_and_post_in_one_transaction(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    link_for(world, share_id)
    world.browser(world.professional, share_id=share_id)
    envelope = {"tenant_id": world.larkrise.id, "for_tenant_id": world.larkrise.id, "kind": "ReferralSent",
                "payload": Jsonb({}), "share_id": share_id}  # fmt: skip
    unread, carried = (world.insert("outbox_entry", **envelope) for _ in range(2))
    waiting = world.insert(
        "delivery",
        tenant_id=world.larkrise.id,
        author_tenant_id=world.larkrise.id,
        entry_id=carried,
        handler="x",
    )
    withdraw(world, consent_of(world, share_id))
    assert world.scalar("select revoked_because from share where id = %s", share_id) == "consent_withdrawn"
    assert (
        world.scalar("select closed_because from link where share_id = %s", share_id) == "consent_withdrawn"
    )
    assert (
        world.scalar("select count(*) from session where scope_id = %s and ended_at is null", share_id) == 0
    )
    assert world.scalar("select state from delivery where id = %s", waiting) == "cancelled"
    assert world.scalar("select expanded_at from outbox_entry where id = %s", unread) is not None


def test_the_guest_sees_the_share_until_the_withdrawal_and_not_after(world: World) -> None:
    share_id = shared_with(world, world.amara, world.thornbeck, "lss")
    seen = text("select count(*) from share where id = :id")
    with world.acting(world.chair) as session:
        assert session.scalar(seen, {"id": share_id}) == 1
    withdraw(world, consent_of(world, share_id))
    with world.acting(world.chair) as session:
        assert session.scalar(seen, {"id": share_id}) == 0


def test_a_member_who_works_at_the_school_never_sees_it_at_all(world: World) -> None:
    share_id = shared_with(world, world.amara, world.thornbeck, "lss")
    for who, count in (
        (world.member, 1),
        (world.conflicted_member, 0),
        (world.area_lead, 0),
        (world.finance, 0),
    ):
        with world.acting(who) as session:
            assert (
                session.scalar(text("select count(*) from share where id = :id"), {"id": share_id}) == count
            )


def test_a_member_who_is_a_parent_of_the_child_is_recused(world: World) -> None:
    world.insert(
        "membership",
        tenant_id=world.thornbeck.id,
        person_id=world.father.id,
        roles=["member"],
        status="active",
    )
    share_id = shared_with(world, world.amara, world.thornbeck, "lss")
    kinds = world.rows(
        "select kind from recusal where share_id = %s and person_id = %s", share_id, world.father.id
    )
    assert [row.kind for row in kinds] == ["family"]


def test_one_parent_taking_back_a_yes_ends_what_stands_on_the_other_ones_yes(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    mothers, fathers = (
        consented(world, world.amara, ask_id),
        consented(world, world.amara, ask_id, world.father),
    )
    share_id = shared(world, world.amara, ask_id, fathers)
    withdraw(world, mothers)
    assert world.scalar("select revoked_at from share where id = %s", share_id) is not None


def test_no_share_without_a_yes(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    refusal = consented(world, world.amara, ask_id, given=False)
    with pytest.raises(psycopg.errors.CheckViolation, match="no live consent"):
        shared(world, world.amara, ask_id, refusal)


def test_no_share_while_the_other_parent_says_no(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    yes = consented(world, world.amara, ask_id)
    consented(world, world.amara, ask_id, world.father, given=False)
    with pytest.raises(psycopg.errors.CheckViolation, match="no live consent"):
        shared(world, world.amara, ask_id, yes)
    consented(world, world.amara, ask_id, world.father)
    assert shared(world, world.amara, ask_id, yes)


def test_no_share_on_a_consent_that_was_withdrawn(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    yes = consented(world, world.amara, ask_id)
    withdraw(world, yes)
    with pytest.raises(psycopg.errors.CheckViolation, match="no live consent"):
        shared(world, world.amara, ask_id, yes)


def test_a_share_never_outlives_its_consent(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    yes = consented(world, world.amara, ask_id, expires_on=today() + timedelta(days=30))
    with pytest.raises(psycopg.errors.CheckViolation, match="no live consent"):
        shared(world, world.amara, ask_id, yes, expires_on=today() + timedelta(days=31))
    assert shared(world, world.amara, ask_id, yes, expires_on=today() + timedelta(days=30))


@pytest.mark.parametrize(
    "different",
    [
        {"content": Jsonb({"child": "Amara O", "more": "than was asked"})},
        {"content_hash": b"another fingerprint"},
        {"subject_id": new_id()},
        {"kind": "ehc"},
    ],
    ids=lambda different: next(iter(different)),
)
def test_a_share_of_anything_else_than_was_asked_is_refused(world: World, different: dict[str, Any]) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    yes = consented(world, world.amara, ask_id)
    with pytest.raises(psycopg.errors.CheckViolation, match="no live consent"):
        shared(world, world.amara, ask_id, yes, **different)


def test_a_share_with_anybody_else_than_was_asked_is_refused(world: World) -> None:
    other = world.insert(
        "tenant", kind="agency", slug=f"other-{world.mark}", name="Other", referral_email="x@other.example"
    )
    ask_id = asked(world, world.amara, world.ashmere)
    yes = consented(world, world.amara, ask_id)
    with pytest.raises(psycopg.errors.CheckViolation, match="no live consent"):
        shared(world, world.amara, ask_id, yes, guest_tenant_id=other)


def test_a_request_to_the_locality_goes_to_the_schools_own_locality_only(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere, "lss")
    with pytest.raises(psycopg.errors.CheckViolation, match="not for this kind"):
        shared(world, world.amara, ask_id, consented(world, world.amara, ask_id))


def test_a_yes_is_withdrawn_and_never_answered_over(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, ask_id)
    with pytest.raises(psycopg.errors.CheckViolation, match="withdrawn, not answered over"):
        consented(world, world.amara, ask_id, given=False)


def test_a_carer_without_responsibility_cannot_answer_even_on_paper(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    for method in ("portal", "paper"):
        with pytest.raises(psycopg.errors.CheckViolation, match="parental responsibility"):
            consented(world, world.amara, ask_id, world.carer, method=method)


def test_an_answer_to_a_closed_ask_is_refused(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    world.execute("update consent_ask set closed_at = now() where id = %s", ask_id)
    with pytest.raises(psycopg.errors.CheckViolation, match="not to what is being asked now"):
        consented(world, world.amara, ask_id)


def test_an_ask_is_never_changed_and_never_opened_again(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    with pytest.raises(psycopg.errors.RestrictViolation):
        world.execute("update consent_ask set wording = 'Something else' where id = %s", ask_id)
    world.execute("update consent_ask set closed_at = now() where id = %s", ask_id)
    with pytest.raises(psycopg.errors.RestrictViolation):
        world.execute("update consent_ask set closed_at = null where id = %s", ask_id)


@pytest.mark.parametrize("table", ["consent", "consent_withdrawal"])
def test_answers_are_never_changed_or_removed(world: World, table: str) -> None:
    withdraw(world, consent_of(world, shared_with(world, world.amara, world.ashmere)))
    for command in (f"update {table} set said_by = 'Someone else'", f"delete from {table}"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            world.execute(f"{command} where pupil_id = %s", world.amara.id)
