"""A lost phone: reset by the admin, never by oneself."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.app.accounts.test_members import membership
from tests.builders.accounts import Visitor, give_password, sign_in, with_password
from tests.mailbox import text_of
from tests.world import World


def test_a_lost_phone_is_reset_by_the_admin_and_the_person_is_told(world: World) -> None:
    password, secret = with_password(world, world.teacher)
    visitor = sign_in(world, world.teacher, password, secret)
    key = membership(world, world.teacher)
    admin = world.browser(world.admin)
    admin.get(f"/staff/{key}/second-factor-reset")
    assert admin.post(f"/staff/{key}/second-factor-reset").status_code == 303
    assert visitor.get("/sessions").status_code == 303
    again = Visitor(world, world.larkrise.host)
    page = give_password(again, world.teacher, password)
    assert page.location == "/sign-in/second-factor"
    world.run_errands()
    (mail,) = world.mails()
    assert mail["To"] == world.teacher.email
    assert "Your admin reset the phone" in text_of(mail)
    who = world.rows(
        "select reset_by, person_id from second_factor_reset where tenant_id = %s", world.larkrise.id
    )
    assert [tuple(row) for row in who] == [(world.admin.id, world.teacher.id)]


def test_nobody_resets_their_own_phone_or_that_of_a_leaver(world: World) -> None:
    admin = world.browser(world.admin)
    own = membership(world, world.admin)
    admin.get(f"/staff/{own}")
    assert admin.post(f"/staff/{own}/second-factor-reset").status_code == 403
    world.execute("update membership set status = 'ended' where id = %s", membership(world, world.teacher))
    assert admin.post(f"/staff/{membership(world, world.teacher)}/second-factor-reset").status_code == 409


@pytest.mark.parametrize(("who", "may"), [("admin", True), ("sendco", False), ("head", False)])
def test_postgresql_lets_only_the_admin_reset_a_phone(world: World, who: str, may: bool) -> None:
    with_password(world, world.teacher)
    actor = getattr(world, who)
    insert = text("""insert into second_factor_reset (tenant_id, id, person_id, reset_by)
        values (:tenant, gen_random_uuid(), :person, :by)""")
    values = {"tenant": world.larkrise.id, "person": world.teacher.id, "by": actor.id}

    def act() -> None:
        with world.acting(actor) as session:
            session.execute(insert, values)

    _refused_unless(may, act)
    confirmed = world.scalar(
        "select totp_confirmed_at from credential where person_id = %s", world.teacher.id
    )
    assert (confirmed is None) is may


def _refused_unless(may: bool, act: Callable[[], None]) -> None:
    if may:
        act()
    else:
        with pytest.raises(DBAPIError):
            act()
