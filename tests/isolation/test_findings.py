"""What an attacker tried once and found open, each kept as a test that it is closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.kernel.access import Audience
from app.kernel.clock import today
from app.sharing import queries as sharing
from app.sharing import service as consents
from infrastructure.database.door import unit_of_work
from infrastructure.database.ids import new_id
from tenants import context
from tests.builders.lss import agreed_request, asked_request, authorised_request
from tests.builders.panels import shared_request
from tests.builders.plans import agreed_plan, draft_plan
from tests.builders.sharing import asked, consented, shared_with
from tests.world import World


def refused(session: Session, statement: str, **values: object) -> bool:
    """Whether PostgreSQL says no, or finds nothing to do it to."""
    point = session.begin_nested()
    try:
        return bool(session.execute(text(statement), values).rowcount == 0)  # type: ignore[attr-defined]
    except DBAPIError:
        return True
    finally:
        point.rollback()


@contextmanager
def at_share(world: World, share_id: UUID) -> Iterator[Session]:
    """As the professional who came in through the link of this share."""
    who = world.professional
    binding = context.of_tenant(
        world.ashmere.id, audience="agency", person_id=who.id, roles=("professional",), scope_id=share_id
    )
    app = world.database.hosts.apps[Audience.AGENCY]
    with app.app_context(), unit_of_work(binding) as session:
        yield session


def looks(world: World) -> int:
    return int(world.scalar("select count(*) from read_log where pupil_id = %s", world.amara.id))


def test_a_form_that_comes_back_with_the_record_is_a_look_like_any_other(world: World) -> None:
    request_id, _ = asked_request(world, world.amara)
    page = world.browser(world.sendco).post(f"/lss/requests/{request_id}/withdrawal", {"version": "999"})
    assert page.status_code == 409
    assert looks(world) == 1


def test_a_form_of_another_part_of_the_request_is_a_look_too(world: World) -> None:
    request_id, _ = asked_request(world, world.amara)
    answers = {"why_now": "Because.", "tried": "Much.", "version": "999"}
    page = world.browser(world.sendco).post(f"/lss/requests/{request_id}/reasons", answers)
    assert page.status_code == 409
    assert looks(world) == 1


def test_no_part_of_an_agreed_plan_moves_into_a_draft(world: World) -> None:
    agreed = agreed_plan(world, world.amara)
    draft = draft_plan(world, world.amara, world.sendco, number=2)
    for part in ("target", "plan_need", "provision"):
        place = "rank" if part == "plan_need" else "position"
        with world.acting(world.sendco) as session:
            move = f"update {part} set plan_id = :draft, {place} = {place} + 50 where plan_id = :agreed"
            assert refused(session, move, draft=draft, agreed=agreed), part


def test_an_agreed_plan_is_never_a_draft_again(world: World) -> None:
    agreed = agreed_plan(world, world.amara)
    with world.acting(world.sendco) as session:
        for status in ("draft", "shared"):
            change = "update plan set status = :status where id = :plan"
            assert refused(session, change, status=status, plan=agreed), status
        change = (
            "update plan set status = 'ceased', ended_on = ctx.today(), ended_because = :why where id = :plan"
        )
        assert refused(session, "update plan set status = 'ceased' where id = :plan", plan=agreed)
        assert not refused(session, change, why="Enough", plan=agreed)


def test_a_class_teacher_drafts_and_neither_shares_nor_ends_a_plan(world: World) -> None:
    draft = draft_plan(world, world.amara, world.teacher)
    with world.acting(world.teacher) as session:
        for status in ("shared", "ceased"):
            change = "update plan set status = :status where id = :plan"
            assert refused(session, change, status=status, plan=draft), status
        assert not refused(session, "update plan set strengths = 'Kind' where id = :plan", plan=draft)


def test_what_a_child_said_is_not_for_an_admin_who_joins_the_class(world: World) -> None:
    world.insert(
        "pupil_view", tenant_id=world.larkrise.id, pupil_id=world.amara.id, said_on=today(), method="interview",
        words="I like the cards.", written_down_by="Tom Ashworth", recorded_by=world.teacher.id,
    )  # fmt: skip
    world.insert(
        "class_staff", tenant_id=world.larkrise.id, class_id=world.class_2a, person_id=world.admin.id
    )
    for who, seen in ((world.teacher, 1), (world.sendco, 1), (world.assistant, 1), (world.admin, 0)):
        with world.acting(who) as session:
            assert session.scalar(text("select count(*) from pupil_view")) == seen, who.name


def test_nobody_works_here_who_has_not_accepted(world: World) -> None:
    stranger = world.insert("person", email=f"{new_id().hex}@elsewhere.example", name="Sam Elsewhere")
    waiting = world.insert(
        "membership", tenant_id=world.larkrise.id, person_id=world.other_sendco.id, roles=["class_teacher"]
    )
    add = "insert into membership (tenant_id, id, person_id, roles, status) values (ctx.tenant(), :id, :who, '{dsl}', :status)"
    with world.acting(world.admin) as session:
        assert refused(session, add, id=new_id(), who=stranger, status="active")
        assert not refused(session, add, id=new_id(), who=stranger, status="invited")
        assert refused(session, "update membership set status = 'active' where id = :id", id=waiting)


def test_nobody_changes_their_own_roles_on_the_way_out_and_back(world: World) -> None:
    world.insert(
        "membership", tenant_id=world.larkrise.id, roles=["school_admin"], status="active",
        person_id=world.insert("person", email=f"{new_id().hex}@larkrise.example", name="Second Admin"),
    )  # fmt: skip
    leave = "update membership set status = 'ended', roles = :roles where person_id = ctx.person()"
    with world.acting(world.admin) as session:
        assert refused(session, leave, roles=["dsl", "school_admin"])
        assert not refused(session, leave, roles=["school_admin"])


def look_at(session: Session, share_id: UUID) -> bool:
    call = "select ctx.log_read(:id, 'a referral', 'Professional', null, :share, false)"
    return refused(session, call, id=new_id(), share=share_id)


def test_a_professional_signs_no_look_at_a_share_they_did_not_come_for(world: World) -> None:
    mine = shared_with(world, world.amara, world.ashmere)
    other = shared_with(world, world.amara, world.ashmere)
    with at_share(world, mine) as session:
        assert not look_at(session, mine)
        assert look_at(session, other)


def test_a_member_with_a_conflict_signs_no_look_at_the_request(world: World) -> None:
    share_id = shared_request(world, world.amara)
    for who, kept_out in ((world.member, False), (world.conflicted_member, True), (world.finance, True)):
        with world.acting(who) as session:
            assert look_at(session, share_id) is kept_out, who.name


def test_a_panel_member_who_becomes_the_guardian_by_a_new_address_is_recused(world: World) -> None:
    share_id = shared_request(world, world.amara)
    world.execute(
        "update contact set email = %s where id = (select contact_id from guardianship where id = %s)",
        world.member.email, world.father.links["amara"],
    )  # fmt: skip
    found = world.rows(
        "select kind from recusal where share_id = %s and person_id = %s", share_id, world.member.id
    )
    assert found == [("family",)]


def test_a_letter_about_a_safeguarding_note_that_was_not_sent_is_for_nobody_else(world: World) -> None:
    entry = world.insert(
        "outbox_entry", tenant_id=world.larkrise.id, for_tenant_id=world.larkrise.id, payload="{}",
        kind="SafeguardingNoteWritten",
    )  # fmt: skip
    for handler in ("tell_safeguarding_lead", "mail_notification"):
        world.insert(
            "delivery", tenant_id=world.larkrise.id, author_tenant_id=world.larkrise.id, entry_id=entry,
            handler=handler, state="dead",
        )  # fmt: skip
    for who, seen in ((world.sendco, 1), (world.admin, 1), (world.teacher, 0), (world.assistant, 0)):
        with world.acting(who) as session:
            found = session.scalars(text("select handler from delivery")).all()
            assert found == ["mail_notification"] * seen, who.name


@pytest.mark.parametrize("how", ["withdrawn", "stopped"])
def test_whoever_has_a_conflict_is_not_told_that_the_request_was_taken_back(world: World, how: str) -> None:
    share_id = shared_request(world, world.amara)
    world.insert(
        "recusal", tenant_id=world.thornbeck.id, home_tenant_id=world.larkrise.id, share_id=share_id,
        person_id=world.vice_chair.id, kind="declared", reason="Taught the child.", declared_by=world.vice_chair.id,
    )  # fmt: skip
    with world.acting(world.sendco):
        if how == "stopped":
            consents.revoke(world.sendco.actor, sharing.load_share(share_id), "Sent by mistake")
        else:
            consent_id = UUID(str(world.scalar("select consent_id from share where id = %s", share_id)))
            consents.withdraw(world.sendco.actor, sharing.load_consent(consent_id), method="phone")
    world.run_errands()
    told = {
        row.person_id
        for row in world.rows(
            "select person_id from notification where tenant_id = %s and kind = 'consent_withdrawn'",
            world.thornbeck.id,
        )
    }
    assert told == {world.clerk.id, world.chair.id}


SHARE = """
    insert into share (tenant_id, id, guest_tenant_id, kind, pupil_id, subject_id, content, content_hash, consent_id,
        other_basis, expires_on, created_by)
    select a.tenant_id, :id, a.guest_tenant_id, a.purpose, a.pupil_id, a.subject_id, a.content, a.content_hash,
        :consent, :basis, ctx.today() + 30, ctx.person() from consent_ask a where a.id = :ask"""


def test_a_school_shares_nothing_on_a_basis_that_it_writes_itself(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    consent_id = consented(world, world.amara, ask_id)
    with world.acting(world.sendco) as session:
        basis = "We think that this is right."
        assert refused(session, SHARE, id=new_id(), ask=ask_id, consent=None, basis=basis)
        assert not refused(session, SHARE, id=new_id(), ask=ask_id, consent=consent_id, basis=None)


def test_no_request_goes_to_the_locality_before_a_head_has_authorised_it(world: World) -> None:
    request_id, consent_id = agreed_request(world, world.amara)
    ask_id = world.scalar("select ask_id from lss_request where id = %s", request_id)
    values = {"ask": ask_id, "consent": consent_id, "basis": None}
    with world.acting(world.sendco) as session:
        assert refused(session, SHARE, id=new_id(), **values)
    world.execute(
        "update lss_request set status = 'authorised', authorised_by = %s where id = %s",
        world.head.id,
        request_id,
    )
    with world.acting(world.sendco) as session:
        assert not refused(session, SHARE, id=new_id(), **values)


def test_whoever_wrote_a_request_stays_its_author(world: World) -> None:
    request_id, _ = authorised_request(world, world.amara)
    with world.acting(world.sendco) as session:
        change = "update lss_request set created_by = :who where id = :id"
        assert refused(session, change, who=world.dsl.id, id=request_id)


def test_an_invitation_does_not_tell_who_somebody_is_elsewhere(world: World) -> None:
    """A school that tries addresses learns neither that a parent of another school is known nor their name."""
    browser = world.browser(world.admin)
    somebody = {"name": "Anybody", "email": world.mother.email, "roles": "class_teacher"}
    page = browser.follow(browser.post("/staff", somebody)).text + browser.get("/").text
    assert world.mother.email in page
    assert world.mother.name not in page
