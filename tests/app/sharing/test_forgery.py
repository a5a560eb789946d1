"""What PostgreSQL refuses although somebody signed in would try it: answers in another's name, rows nobody asked for."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.clock import today
from app.sharing.content import content_hash, wording_hash
from infrastructure.database.ids import new_id
from tests.builders.sharing import CONTENT, WORDING, asked, consented, shared_with
from tests.world import Somebody, World

INSERT = text("""
    insert into consent (tenant_id, id, ask_id, pupil_id, given, method, basis, guardianship_id, contact_id, person_id,
        said_by, content_hash, wording_hash, recorded_by, given_on, expires_on)
    values (:tenant_id, :id, :ask_id, :pupil_id, true, :method, 'parental_responsibility', :guardianship_id, :contact_id,
        :person_id, 'Chika Okonjo', :content_hash, :wording_hash, :recorded_by, :given_on, :expires_on)""")


def answer(world: World, ask_id: UUID, **changes: Any) -> dict[str, Any]:
    """What the mother herself would send; `changes` make it something else."""
    link = world.mother.links["amara"]
    return {
        "tenant_id": world.larkrise.id, "id": new_id(), "ask_id": ask_id, "pupil_id": world.amara.id,
        "method": "portal", "guardianship_id": link, "contact_id": None, "person_id": world.mother.id,
        "content_hash": content_hash(CONTENT), "wording_hash": wording_hash(WORDING), "recorded_by": None,
        "given_on": today(), "expires_on": today().replace(year=today().year + 1, day=1),
    } | changes  # fmt: skip


def by_staff(world: World, ask_id: UUID, who: Somebody, **changes: Any) -> dict[str, Any]:
    contact = world.scalar("select contact_id from guardianship where id = %s", world.mother.links["amara"])
    staff = {
        "method": "phone",
        "guardianship_id": None,
        "person_id": None,
        "contact_id": contact,
        "recorded_by": who.id,
    }
    return answer(world, ask_id, **staff) | changes


def test_a_parent_answers_in_the_own_name_and_in_no_other(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    father = {"person_id": world.father.id, "guardianship_id": world.father.links["amara"]}
    for forged in (father, {"recorded_by": world.sendco.id}, {"method": "paper"}, {"guardianship_id": None}):
        with pytest.raises(DBAPIError), world.acting(world.mother, child="amara") as session:
            session.execute(INSERT, answer(world, ask_id, **forged))
    with world.acting(world.mother, child="amara") as session:
        session.execute(INSERT, answer(world, ask_id))


def test_a_carer_is_refused_by_the_database_too(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    own = {"person_id": world.carer.id, "guardianship_id": world.carer.links["amara"]}
    with pytest.raises(DBAPIError), world.acting(world.carer, child="amara") as session:
        session.execute(INSERT, answer(world, ask_id, **own))


def test_an_answer_to_other_content_or_other_words_is_refused(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    for forged in ({"content_hash": b"x"}, {"wording_hash": b"x"}):
        with (
            pytest.raises(DBAPIError, match="not to what is being asked"),
            world.acting(world.mother, child="amara") as s,
        ):
            s.execute(INSERT, answer(world, ask_id, **forged))


def test_staff_cannot_pretend_that_a_parent_answered_online(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    forged: tuple[dict[str, Any], ...] = (answer(world, ask_id), by_staff(world, ask_id, world.head))
    for row in forged:
        with pytest.raises(DBAPIError), world.acting(world.sendco) as session:
            session.execute(INSERT, row)
    with world.acting(world.sendco) as session:
        session.execute(INSERT, by_staff(world, ask_id, world.sendco))


@pytest.mark.parametrize("who", ["head", "dsl", "teacher", "admin"])
def test_other_staff_write_no_answer_down(world: World, who: str) -> None:
    ask_id, somebody = asked(world, world.amara, world.ashmere), getattr(world, who)
    with pytest.raises(DBAPIError, match="row-level security"), world.acting(somebody) as session:
        session.execute(INSERT, by_staff(world, ask_id, somebody))


def test_the_other_parent_cannot_take_a_yes_back_behind_the_pages(world: World) -> None:
    consent_id = consented(world, world.amara, asked(world, world.amara, world.ashmere))
    row = {"tenant": world.larkrise.id, "id": new_id(), "consent": consent_id, "pupil": world.amara.id}
    insert = text("insert into consent_withdrawal (tenant_id, id, consent_id, pupil_id, method, guardianship_id, person_id, "
                  "said_by) values (:tenant, :id, :consent, :pupil, 'portal', :link, :person, 'x')")  # fmt: skip
    father = {"link": world.father.links["amara"], "person": world.father.id}
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        world.acting(world.father, child="amara") as session,
    ):
        session.execute(insert, row | father)
    mother = {"link": world.mother.links["amara"], "person": world.mother.id}
    with world.acting(world.mother, child="amara") as session:
        session.execute(insert, row | mother)


def test_a_document_that_nobody_was_shown_never_joins_a_share(world: World) -> None:
    share_id = shared_with(world, world.amara, world.ashmere)
    facts = {"title": "Kept back", "filename": "x.pdf", "size_bytes": 9, "sha256": b"x" * 32,
             "clean_key": "clean/x", "object_version": "1"}  # fmt: skip
    world.insert("document", tenant_id=world.larkrise.id, pupil_id=world.amara.id, declared_type="application/pdf",
                 status="clean", quarantine_key="q", **facts)  # fmt: skip
    with pytest.raises(psycopg.errors.CheckViolation, match="not part of what was agreed"):
        world.insert("share_document", tenant_id=world.larkrise.id, guest_tenant_id=world.ashmere.id,
                     share_id=share_id, media_type="application/pdf", **facts)  # fmt: skip


REPLY = text("insert into reply (tenant_id, id, home_tenant_id, share_id, kind, content, person_id, author_name) "
             "values (:guest, :id, :home, :share, :kind, '{}', :person, 'x')")  # fmt: skip


@pytest.mark.parametrize(
    ("who", "kind", "may"),
    [
        ("clerk", "question", True),
        ("chair", "question", True),
        ("member", "question", False),
        ("conflicted_member", "question", False),
        ("area_lead", "question", False),
        ("chair", "accepted", False),
    ],
)
def test_a_panel_speaks_through_those_who_preside(world: World, who: str, kind: str, may: bool) -> None:
    share_id, somebody = shared_with(world, world.amara, world.thornbeck, "lss"), getattr(world, who)
    row = {"guest": world.thornbeck.id, "id": new_id(), "home": world.larkrise.id, "share": share_id, "kind": kind,
           "person": somebody.id}  # fmt: skip
    if may:
        with world.acting(somebody) as session:
            session.execute(REPLY, row)
    else:
        with pytest.raises(DBAPIError, match="row-level security"), world.acting(somebody) as session:
            session.execute(REPLY, row)


def test_a_family_writes_nothing_into_the_log_of_who_looked(world: World) -> None:
    call = text("select ctx.log_read(:id, 'plan', 'SENDCO', :pupil, null, false)")
    row = {"id": new_id(), "pupil": world.amara.id}
    with (
        pytest.raises(DBAPIError, match="permission denied"),
        world.acting(world.mother, child="amara") as session,
    ):
        session.execute(call, row)
    with world.acting(world.sendco) as session:
        session.execute(call, row)


def test_content_is_stored_as_it_was_asked(world: World) -> None:
    content = {"why_now": "Łucja’s words", "amount_pence": 5, "list": [1, 2.5, None, True]}
    ask_id = asked(world, world.amara, world.ashmere, content=content)
    assert world.scalar("select content = %s from consent_ask where id = %s", Jsonb(content), ask_id) is True
