"""What is done with staff and invitations only at its moment, whatever page it comes from."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Invitation, Membership, Standing
from app.accounts.service import invitations
from app.kernel.access import Role
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid
from infrastructure.database.door import db
from tests.builders.refusing import stopped
from tests.world import World


def test_whoever_works_here_has_no_invitation_to_cancel(world: World) -> None:
    of_the_teacher = select(Membership).where(Membership.person_id == world.teacher.id)
    stopped(
        world, world.admin,
        lambda actor: invitations.cancel(actor, db.session.scalars(of_the_teacher).one(), Invitation()),
        Conflict, "already been accepted",
    )  # fmt: skip


def test_inviting_twice_is_explained_and_invites_once(world: World) -> None:
    ada = invitations.Invitation("Ada Vale", f"ada.{world.mark}@larkrise.example", [Role.DSL])
    with world.acting(world.admin):
        invitations.invite(world.admin.actor, ada)
    stopped(
        world, world.admin, lambda actor: invitations.invite(actor, ada), Invalid, "This person is already invited"
    )  # fmt: skip


@pytest.mark.parametrize("act", [Invitation.extend, Invitation.cancel])
@pytest.mark.parametrize(
    ("answered", "sentence"), [("accepted_at", "been accepted"), ("cancelled_at", "been cancelled")]
)
def test_an_invitation_that_was_answered_stays_answered(
    act: Callable[..., Any], answered: str, sentence: str
) -> None:
    then: datetime = now()
    invitation = Invitation(expires_at=then, **{answered: then})
    with pytest.raises(Conflict, match=sentence):
        act(invitation, at=now())
    assert (invitation.expires_at, getattr(invitation, answered)) == (then, then)


def test_somebody_who_has_left_takes_no_new_roles() -> None:
    left = Membership(status=Standing.ENDED, roles=[Role.DSL.value])
    with pytest.raises(Conflict, match="no longer works here"):
        left.take_roles([Role.SCHOOL_ADMIN])
    assert left.roles == ["dsl"]
