"""What a second attacker tried and found open, each kept as a test that it is closed."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.clock import now
from infrastructure.database.ids import new_id
from tests.builders.plans import draft_plan, reviewed_plan, shared_plan
from tests.builders.referrals import asked_referral, press, row, sent_referral
from tests.builders.sharing import asked, consented
from tests.isolation.test_findings import at_share, refused
from tests.world import Somebody, World

ANSWER = """
    insert into consent (tenant_id, id, ask_id, pupil_id, given, method, basis, guardianship_id, person_id, said_by,
        content_hash, wording_hash, given_on, recorded_at, expires_on)
    select ctx.tenant(), :id, a.id, a.pupil_id, :given, 'portal', 'parental_responsibility', ctx.scope(), ctx.person(),
        'David Vale', content_hash, sha256(convert_to(wording, 'UTF8')), ctx.today(), :at, ctx.today() + 9
    from consent_ask a where a.id = :ask"""
AGREEMENT = """
    insert into plan_agreement (tenant_id, id, plan_id, pupil_id, plan_version, agreed, method, guardianship_id,
        person_id, said_by, happened_on, recorded_at)
    select tenant_id, :id, id, pupil_id, version, true, 'portal', ctx.scope(), ctx.person(), 'David Vale',
        ctx.today(), :at from plan where id = :plan"""
VIEW = """
    insert into family_view (tenant_id, id, pupil_id, guardianship_id, person_id, said_by, method, words, said_at)
    values (ctx.tenant(), :id, :pupil, ctx.scope(), ctx.person(), 'David Vale', 'portal', 'We read at night.', :at)"""
WITHDRAWAL = """
    insert into consent_withdrawal (tenant_id, id, consent_id, pupil_id, method, guardianship_id, person_id, said_by,
        withdrawn_at)
    values (ctx.tenant(), :id, :consent, :pupil, 'portal', ctx.scope(), ctx.person(), 'David Vale', :at)"""
SAID = {
    "consent": "said_by, recorded_at",
    "plan_agreement": "said_by, recorded_at",
    "family_view": "said_by, said_at",
    "consent_withdrawal": "said_by, withdrawn_at",
}


def said_everything(world: World, at: datetime) -> list[tuple[str, datetime]]:
    """All that the mother can say, in another's name and at a time of her choosing; and what PostgreSQL kept."""
    ask_id, plan_id = asked(world, world.amara, world.ashmere), shared_plan(world, world.amara)
    consent_id, pupil = new_id(), world.amara.id
    with world.acting(world.mother, child="amara") as session:

        def say(statement: str, row_id: UUID, **values: Any) -> None:
            session.execute(text(statement), {"id": row_id, "at": at, **values})

        say(ANSWER, consent_id, ask=ask_id, given=True)
        say(AGREEMENT, new_id(), plan=plan_id)
        say(VIEW, new_id(), pupil=pupil)
        say(WITHDRAWAL, new_id(), consent=consent_id, pupil=pupil)
    return [
        tuple(world.rows(f"select {said} from {table} where pupil_id = %s", pupil)[0])
        for table, said in SAID.items()
    ]


def test_nobody_dates_an_answer(world: World) -> None:
    began = now()
    for _, at in said_everything(world, began - timedelta(days=99)):
        assert began - timedelta(seconds=5) < at <= now() + timedelta(seconds=5)


def test_an_answer_is_signed_with_the_name_that_this_school_checked(world: World) -> None:
    assert {name for name, _ in said_everything(world, now())} == {world.mother.name}


def contact_of(world: World, who: Somebody) -> Any:
    link = who.links["amara"]
    return world.rows(
        "select c.* from contact c join guardianship g on g.contact_id = c.id where g.id = %s", link
    )[0]


def silence(session: Session, contact_id: UUID) -> list[bool]:
    """Each way to say that an adult has no say; whether it was refused."""
    ways = ("parental_responsibility = false", "ended_on = ctx.today()")
    return [refused(session, f"update contact set {way} where id = :id", id=contact_id) for way in ways]


def test_a_refusal_outlives_a_change_of_responsibility_by_one_person(world: World) -> None:
    _, ask_id = asked_referral(world, world.amara)
    consented(world, world.amara, ask_id, world.father, given=False)
    consented(world, world.amara, ask_id, world.mother)
    father, mother = (contact_of(world, who).id for who in (world.father, world.mother))
    with world.acting(world.sendco) as session:
        assert silence(session, father) == [True, True]
        assert silence(session, mother) == [False, False]
    with world.acting(world.admin) as session:
        assert silence(session, father) == [True, True]
    for lead in (world.head, world.dsl):
        with world.acting(lead) as session:
            assert silence(session, father) == [False, False], lead.name


def test_a_yes_taken_back_outlives_it_too(world: World) -> None:
    _, ask_id = asked_referral(world, world.amara)
    consent_id = consented(world, world.amara, ask_id, world.father)
    father = contact_of(world, world.father).id
    with world.acting(world.sendco) as session:
        assert silence(session, father) == [False, False]
    world.insert(
        "consent_withdrawal", tenant_id=world.larkrise.id, consent_id=consent_id, pupil_id=world.amara.id,
        method="phone", said_by=world.father.name, recorded_by=world.sendco.id,
    )  # fmt: skip
    with world.acting(world.sendco) as session:
        assert silence(session, father) == [True, True]


def test_whoever_leads_and_also_asks_the_families_does_not_decide_it_alone(world: World) -> None:
    _, ask_id = asked_referral(world, world.amara)
    consented(world, world.amara, ask_id, world.father, given=False)
    world.execute(
        "update membership set roles = '{headteacher,sendco}' where tenant_id = %s and person_id = %s",
        world.larkrise.id, world.head.id,
    )  # fmt: skip
    both = Somebody(
        world.head.id,
        world.head.name,
        world.head.email,
        world.larkrise,
        world.head.roles | world.sendco.roles,
    )
    with world.acting(both) as session:
        assert silence(session, contact_of(world, world.father).id) == [True, True]


def test_a_refusal_and_the_page_that_would_have_silenced_it(world: World) -> None:
    referral_id, ask_id = asked_referral(world, world.amara)
    consented(world, world.amara, ask_id, world.father, given=False)
    consented(world, world.amara, ask_id, world.mother)
    father = contact_of(world, world.father)
    answers = {
        "name": father.name, "email": father.email, "parental_responsibility": "no", "priority": "1",
        "version": str(father.version),
    }  # fmt: skip
    path = f"/pupils/{world.amara.id}/contacts/{father.id}"
    page = world.browser(world.sendco).post(path, answers)
    assert page.status_code == 422
    assert "Ask your headteacher or safeguarding lead" in page.text
    assert press(world, referral_id, "sending") == 409
    head = world.browser(world.head)
    assert head.get(f"{path}/edit").status_code == 200
    assert head.post(path, answers).status_code == 303
    assert contact_of(world, world.father).parental_responsibility is False
    assert row(world, referral_id).status != "sent"


def test_only_a_yes_is_taken_back(world: World) -> None:
    ask_id = asked(world, world.amara, world.ashmere)
    no, yes = (
        consented(world, world.amara, ask_id, world.father, given=False),
        consented(world, world.amara, ask_id),
    )
    take_back = (
        "insert into consent_withdrawal (tenant_id, id, consent_id, pupil_id, method, said_by, recorded_by) "
        "values (ctx.tenant(), :id, :consent, :pupil, 'phone', 'x', ctx.person())"
    )
    with world.acting(world.dsl) as session:
        assert refused(session, take_back, id=new_id(), consent=no, pupil=world.amara.id)
        assert not refused(session, take_back, id=new_id(), consent=yes, pupil=world.amara.id)


def test_what_one_parent_said_at_a_review_is_not_the_others_to_read(world: World) -> None:
    reviewed_plan(world, world.amara)
    for who in (world.mother, world.father):
        with world.acting(who, child="amara") as session:
            assert session.scalar(text("select child_comment from review")) == "I like my cards."
            assert refused(session, "select parent_comment from review"), who.name


def test_a_plan_stays_with_its_child(world: World) -> None:
    plan_id = draft_plan(world, world.amara, world.sendco)
    for part in ("target", "plan_need", "provision"):
        world.execute(f"delete from {part} where plan_id = %s", plan_id)
    with world.acting(world.sendco) as session:
        assert refused(
            session, "update plan set pupil_id = :pupil where id = :id", pupil=world.idris.id, id=plan_id
        )
        assert not refused(session, "update plan set strengths = 'Kind' where id = :id", id=plan_id)


def report(world: World, share_id: UUID, **different: Any) -> UUID:
    """As the agency writes it into its reply, with its envelope to the school."""
    report_id, sha256 = new_id(), "00" * 32
    content = {
        "title": "Assessment", "filename": "a.pdf", "media_type": "application/pdf", "size_bytes": 3, "sha256": sha256,
        "clean_key": f"{world.ashmere.id}/{report_id}/{sha256}", "object_version": "v1",
    } | different  # fmt: skip
    values = {"id": report_id, "home": world.larkrise.id, "share": share_id, "content": json.dumps(content)}
    reply = """
        insert into reply (tenant_id, id, home_tenant_id, share_id, kind, content, author_name)
        values (ctx.tenant(), :id, :home, :share, 'report', cast(:content as jsonb), 'Maya Lind')"""
    envelope = """
        insert into outbox_entry (tenant_id, id, for_tenant_id, kind, payload)
        values (ctx.tenant(), :id, :home, 'ReferralAnswered', cast(:payload as jsonb))"""
    with at_share(world, share_id) as session:
        session.execute(text(reply), values)
        payload = json.dumps({"reply_id": str(report_id), "share_id": str(share_id)})
        session.execute(text(envelope), {"id": new_id(), "home": world.larkrise.id, "payload": payload})
    world.run_errands()
    return report_id


def kept(world: World, report_id: UUID) -> Any:
    """The school's own document, if it has taken the report."""
    found = world.rows(
        "select * from document where tenant_id = %s and id = %s", world.larkrise.id, report_id
    )
    return found[0] if found else None


def test_a_report_says_nothing_about_who_sees_it(world: World) -> None:
    share_id = sent_referral(world, world.amara).share_id
    own = kept(
        world, report(world, share_id, shown_to_family=True, uploaded_by=str(world.sendco.id), version=7)
    )
    assert (own.title, own.shown_to_family, own.uploaded_by) == ("Assessment", False, None)


def test_a_report_is_the_checked_file_that_it_says_it_is(world: World) -> None:
    share_id = sent_referral(world, world.amara).share_id
    elsewhere = f"{world.ashmere.id}/{new_id()}/{'00' * 32}"
    assert kept(world, report(world, share_id, clean_key=elsewhere)) is None
    assert kept(world, report(world, share_id, media_type="text/html")) is None
    assert kept(world, report(world, share_id)) is not None
