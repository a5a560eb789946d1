"""Who may keep the staff, whatever page they come from."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts.models import Invitation, Membership
from app.accounts.service import invitations, members
from app.accounts.service.members import NewRoles
from app.kernel.access import Actor, Role
from infrastructure.database.door import db
from tests.builders.refusing import refused
from tests.world import World

SOMEBODY = invitations.Invitation("Ada Vale", "ada@larkrise.example", [Role.DSL])
DEEDS: dict[str, Callable[[Actor, Membership], Any]] = {
    "invite": lambda actor, _: invitations.invite(actor, SOMEBODY),
    "send again": lambda actor, of: invitations.send_again(actor, of, Invitation()),
    "cancel": lambda actor, of: invitations.cancel(actor, of, Invitation()),
    "roles": lambda actor, of: members.change_roles(actor, of, NewRoles([Role.SCHOOL_ADMIN], 1)),
    "end": members.end_membership,
    "second factor": members.reset_second_factor,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_else_keeps_the_staff_even_past_the_pages(world: World, deed: str) -> None:
    of_the_teacher = select(Membership).where(Membership.person_id == world.teacher.id)
    refused(
        world,
        [world.sendco, world.head, world.dsl],
        lambda actor: DEEDS[deed](actor, db.session.scalars(of_the_teacher).one()),
    )


@pytest.mark.parametrize("deed", [members.change_roles, members.reset_second_factor])
def test_an_admin_changes_neither_their_own_roles_nor_their_own_second_factor(
    world: World, deed: Callable[..., None]
) -> None:
    own = select(Membership).where(Membership.person_id == world.admin.id)
    change = [NewRoles([Role.SCHOOL_ADMIN, Role.DSL], 1)] if deed is members.change_roles else []
    refused(world, [world.admin], lambda actor: deed(actor, db.session.scalars(own).one(), *change))
