"""A no stands until the same adult says yes, however often the school asks again."""

from uuid import UUID

import psycopg
import pytest

from tests.builders.sharing import asked, consented, shared
from tests.world import Organisation, World


def ask_again(
    world: World, ask_id: UUID, *, guest: Organisation | None = None, purpose: str = "referral"
) -> UUID:
    """In other words, about the same child."""
    world.execute("update consent_ask set closed_at = now() where id = %s and closed_at is null", ask_id)
    content = {"child": "Amara O", "why now": "Said in another way."}
    return asked(world, world.amara, guest or world.ashmere, purpose, content=content)


def withdrawn(world: World, consent_id: UUID) -> None:
    world.insert(
        "consent_withdrawal",
        tenant_id=world.larkrise.id,
        consent_id=consent_id,
        pupil_id=world.amara.id,
        method="phone",
        said_by="David Vale",
        recorded_by=world.sendco.id,
    )


def objections(world: World, ask_id: UUID) -> int:
    return int(world.scalar("select audit.objections(%s, %s)", world.larkrise.id, ask_id))


@pytest.fixture
def refused(world: World) -> UUID:
    """The father said no to the first ask."""
    ask_id = asked(world, world.amara, world.ashmere)
    consented(world, world.amara, ask_id, world.father, given=False)
    return ask_id


def test_asking_again_does_not_make_a_no_unsaid(world: World, refused: UUID) -> None:
    again = ask_again(world, refused)
    yes = consented(world, world.amara, again, world.mother)
    assert objections(world, again) == 1
    with pytest.raises(psycopg.errors.CheckViolation, match="no live consent"):
        shared(world, world.amara, again, yes)
    consented(world, world.amara, again, world.father)
    assert objections(world, again) == 0
    assert shared(world, world.amara, again, yes)


def test_a_no_is_not_taken_back_but_answered_over_by_a_yes(world: World, refused: UUID) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="only a yes is taken back"):
        withdrawn(world, world.scalar("select id from consent where ask_id = %s", refused))
    assert objections(world, refused) == 1
    consented(world, world.amara, refused, world.father)
    assert objections(world, refused) == 0


def test_a_yes_taken_back_stands_against_the_next_ask_too(world: World) -> None:
    first = asked(world, world.amara, world.ashmere)
    withdrawn(world, consented(world, world.amara, first, world.father))
    again = ask_again(world, first)
    yes = consented(world, world.amara, again, world.mother)
    with pytest.raises(psycopg.errors.CheckViolation, match="no live consent"):
        shared(world, world.amara, again, yes)


def test_an_earlier_yes_speaks_neither_for_nor_against(world: World) -> None:
    first = asked(world, world.amara, world.ashmere)
    yes = consented(world, world.amara, first, world.father)
    again = ask_again(world, first)
    assert objections(world, again) == 0
    with pytest.raises(psycopg.errors.CheckViolation, match="no live consent"):
        shared(world, world.amara, again, yes)


def test_a_no_to_one_guest_or_purpose_is_no_no_to_another(world: World, refused: UUID) -> None:
    elsewhere = world.insert(
        "tenant", kind="agency", slug=f"other-{world.mark}", name="Other", referral_email="x@other.example"
    )
    for guest, purpose in (
        (world.ashmere, "ehc"),
        (Organisation(elsewhere, "agency", "x", "Other"), "referral"),
    ):
        again = ask_again(world, refused, guest=guest, purpose=purpose)
        assert objections(world, again) == 0
        assert shared(world, world.amara, again, consented(world, world.amara, again, world.mother))


def test_a_no_about_a_brother_is_about_the_brother(world: World) -> None:
    about_idris = asked(world, world.idris, world.ashmere)
    consented(world, world.idris, about_idris, world.other_mother, given=False)
    about_ilyas = asked(world, world.ilyas, world.ashmere)
    assert objections(world, about_idris) == 1
    assert objections(world, about_ilyas) == 0


@pytest.mark.parametrize("loss", ["parental_responsibility = false", "ended_on = ctx.today()"])
def test_a_no_counts_as_long_as_the_adult_has_responsibility(world: World, refused: UUID, loss: str) -> None:
    again = ask_again(world, refused)
    yes = consented(world, world.amara, again, world.mother)
    assert objections(world, again) == 1
    world.execute(
        f"update contact set {loss} where id = (select contact_id from guardianship where id = %s)",
        world.father.links["amara"],
    )
    assert objections(world, again) == 0
    assert shared(world, world.amara, again, yes)


def test_a_withdrawal_about_an_earlier_ask_queues_with_a_share_about_the_newest(
    world: World, refused: UUID
) -> None:
    again = ask_again(world, refused)
    queue = "select audit.queue_for_ask(%s, %s)"
    with world.database.as_admin() as first, world.database.as_admin() as second:
        first.execute("begin")
        first.execute(queue, (world.larkrise.id, refused))
        second.execute("begin")
        second.execute("set local lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(queue, (world.larkrise.id, again))
        second.execute("rollback")
        first.execute("rollback")
