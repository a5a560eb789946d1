"""The operator changes the key of the service: what people hold goes on working while the earlier key is kept."""

import pytest

from app.accounts import second_factor
from app.kernel import seals
from tests.app.accounts.test_invitations import invite, link_in, mails_to, newcomer
from tests.builders.accounts import Visitor, give_password, with_password
from tests.mailbox import text_of
from tests.services import DOMAIN
from tests.world import World

NEW = "the key of this year, long enough"


@pytest.fixture(autouse=True)
def keys(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test installs, the others find the key of the application, which is in place before the first."""
    assert world.database.hosts
    monkeypatch.setattr(seals, "_keys", list(seals._keys))


def change_key(*, keep: bool) -> None:
    """What the operator does, as far as a running process sees it."""
    before = seals._keys[0].decode()
    seals.install(NEW, [before] if keep else [])


@pytest.mark.parametrize(("keep", "status"), [(True, 303), (False, 409)])
def test_staff_sign_in_with_their_phone_after_the_key_was_changed(
    world: World, keep: bool, status: int
) -> None:
    password, secret = with_password(world, world.sendco)
    change_key(keep=keep)
    visitor = Visitor(world, world.larkrise.host)
    assert give_password(visitor, world.sendco, password).status_code == (200 if keep else 409)
    answer = visitor.post("/sign-in/code", {"code": second_factor.next_code(secret, 0)})
    assert answer.status_code == status


def test_signing_in_once_makes_the_earlier_key_needless(world: World) -> None:
    password, secret = with_password(world, world.sendco)
    change_key(keep=True)
    visitor = Visitor(world, world.larkrise.host)
    give_password(visitor, world.sendco, password)
    assert visitor.post("/sign-in/code", {"code": second_factor.next_code(secret, 0)}).status_code == 303
    seals.install(NEW)
    locked = world.scalar("select totp_secret from credential where person_id = %s", world.sendco.id)
    assert seals.unlock(bytes(locked)) == secret


@pytest.mark.parametrize(("keep", "status"), [(True, 303), (False, 422)])
def test_a_recovery_code_on_paper_outlives_the_key_it_was_made_with(
    world: World, keep: bool, status: int
) -> None:
    password, secret = with_password(world, world.sendco)
    (code, *_) = second_factor.new_recovery_codes()
    world.execute(
        "insert into recovery_code (person_id, code_hash) values (%s, %s)",
        world.sendco.id,
        second_factor.recovery_hash(code),
    )
    change_key(keep=keep)
    # The seed alone is locked anew, so that only the recovery code depends on the earlier key.
    world.execute(
        "update credential set totp_secret = %s where person_id = %s", seals.lock(secret), world.sendco.id
    )
    visitor = Visitor(world, world.larkrise.host)
    give_password(visitor, world.sendco, password)
    assert visitor.post("/sign-in/recovery-code", {"code": code}).status_code == status


@pytest.mark.parametrize(("keep", "status"), [(True, 303), (False, 422)])
def test_a_code_that_is_in_the_mailbox_when_the_key_changes(world: World, keep: bool, status: int) -> None:
    visitor = Visitor(world, f"family.{DOMAIN}")
    visitor.get("/sign-in")
    visitor.follow(visitor.post("/sign-in", {"email": world.mother.email}))
    world.run_errands()
    code = text_of(world.mails()[0]).split("Your code is ")[1][:6]
    change_key(keep=keep)
    assert visitor.post("/sign-in/code", {"code": code}).status_code == status


def test_an_invitation_opens_whether_it_was_mailed_before_the_change_or_is_sent_again_after_it(
    world: World,
) -> None:
    browser = invite(world)
    email = newcomer(world)["email"]
    (first,) = mails_to(world, email)
    change_key(keep=True)
    assert Visitor(world, world.larkrise.host).get(link_in(first)).status_code == 200
    held = world.scalar(
        "select m.id from membership m join person p on p.id = m.person_id where p.email = %s",
        str(email).lower(),
    )
    browser.get("/staff")
    assert browser.post(f"/staff/{held}/invitation").status_code == 303
    again = mails_to(world, email)[-1]
    assert link_in(again) != link_in(first)
    assert Visitor(world, world.larkrise.host).get(link_in(again)).status_code == 200
