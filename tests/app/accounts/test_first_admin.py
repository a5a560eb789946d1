"""The operator lets the first admin in, and nobody after that."""

import pytest

from app.accounts.service.first_admin import invite_first_admin
from app.kernel.errors import Conflict
from tests.app.accounts.test_invitations import PASSWORD, link_in, mails_to
from tests.builders.accounts import Visitor
from tests.world import World
from workers.home import worker_app


def test_the_operator_invites_the_first_admin_and_nobody_after(world: World) -> None:
    school = world.insert("tenant", kind="school", slug=f"new-{world.mark}", name="Newly Primary")
    email = f"first@new-{world.mark}.example"
    with worker_app().app_context():
        invite_first_admin(school, "Ada First", email)
        (mail,) = mails_to(world, email)
        visitor = Visitor(world, f"new-{world.mark}.send.example")
        visitor.get(link_in(mail))
        assert visitor.post(link_in(mail), {"password": PASSWORD}).status_code == 303
        with pytest.raises(Conflict):
            invite_first_admin(school, "Second", f"second@new-{world.mark}.example")
        with pytest.raises(Conflict):
            invite_first_admin(world.larkrise.id, "Second", f"second@new-{world.mark}.example")
