"""An admin who writes rows past every page: nobody else's account opens by it, and nobody's place is given away."""

import hashlib
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts import links
from infrastructure.database.ids import new_id
from tests.builders.accounts import Visitor
from tests.world import Organisation, Somebody, World

CHOSEN = "a-token-of-my-own-choice"
PASSWORD = "seven quiet otters"
MEMBER = text("insert into membership (tenant_id, id, person_id, roles) "
              "values (ctx.tenant(), gen_random_uuid(), :who, '{dsl}')")  # fmt: skip
INVITED = text("insert into invitation (tenant_id, id, person_id, token_hash, expires_at) "
               "values (ctx.tenant(), :id, :who, :token, now() + interval '7 days')")  # fmt: skip


def write(world: World, admin: Somebody, who: UUID, token: str, key: UUID) -> None:
    hashed = hashlib.sha256(token.encode()).digest()
    with world.acting(admin) as session:
        session.execute(MEMBER, {"who": who})
        session.execute(INVITED, {"id": key, "who": who, "token": hashed})


def tried(world: World, at: Organisation, token: str) -> list[int]:
    visitor = Visitor(world, at.host)
    visitor.get("/sign-in")
    link = f"/invitations/{token}"
    return [visitor.get(link).status_code, visitor.post(link, {"password": PASSWORD}).status_code]


def link_of(key: UUID, at: Organisation) -> str:
    """The token that we mail for this invitation."""
    return links.path(links.INVITATION, key, at=at.id).rpartition("/")[2]


def password_of(world: World, who: UUID) -> object:
    return world.scalar("select password_hash from credential where person_id = %s", who)


def test_an_invitation_with_a_token_that_we_did_not_make_opens_nothing(world: World) -> None:
    write(world, world.admin, world.mother.id, CHOSEN, new_id())
    assert tried(world, world.larkrise, CHOSEN) == [404, 404]
    assert password_of(world, world.mother.id) is None
    # The same row with the link that we make for it opens: it is the token that is refused.
    key = new_id()
    ours = link_of(key, world.larkrise)
    write(world, world.admin, world.father.id, ours, key)
    assert tried(world, world.larkrise, ours) == [200, 303]


def test_an_invitation_that_came_to_one_mailbox_is_moved_to_nobody_else(world: World) -> None:
    key, mine = new_id(), world.insert("person", email=f"spare.{world.mark}@x.example", name="Spare")
    token = link_of(key, world.larkrise)
    write(world, world.admin, mine, token, key)
    for column in ("person_id", "id", "accepted_at", "tenant_id"):
        with pytest.raises(DBAPIError, match="permission denied"), world.acting(world.admin) as session:
            session.execute(text(f"update invitation set {column} = {column} where id = :id"), {"id": key})
    # Nor written once more at another school, for somebody else, with the link that is known.
    write(world, world.other_admin, world.mother.id, token, key)
    assert tried(world, world.millbrook, token) == [404, 404]
    assert password_of(world, world.mother.id) is None


def test_no_admin_gives_a_membership_to_another_person(world: World) -> None:
    """Being the safeguarding lead by taking their place."""
    spare = world.insert("person", email=f"spare.{world.mark}@x.example", name="Spare")
    for statement in (
        "update membership set person_id = :spare where person_id = ctx.person()",
        "update membership set person_id = ctx.person() where person_id = :dsl",
        "update membership set id = gen_random_uuid() where person_id = :dsl",
    ):
        values = {"spare": spare, "dsl": world.dsl.id}
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        with pytest.raises(DBAPIError, match="permission denied"), world.acting(world.admin) as session:
            session.execute(text(statement), used)
    with world.acting(world.admin) as session:
        ended = text("update membership set status = 'ended', version = version + 1 where person_id = :dsl")
        assert session.execute(ended, {"dsl": world.dsl.id}).rowcount == 1  # type: ignore[attr-defined]
