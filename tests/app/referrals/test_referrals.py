"""A SENDCO writes a referral, the family agrees, and a link leaves by mail."""

import re
from typing import Any
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.sharing import queries as sharing
from app.sharing import service as sharing_service
from app.web.cookies import hash_token
from tests.builders import plans
from tests.builders import referrals as builders
from tests.builders import sharing as consents
from tests.mailbox import text_of
from tests.world import World

LINK = re.compile(r"https://agency\.send\.example/r/(\S+)")


def press(world: World, referral_id: UUID, step: str) -> int:
    version = world.scalar("select version from referral where id = %s", referral_id)
    path = f"/referrals/{referral_id}/{step}"
    return world.browser(world.sendco).post(path, {"version": str(version)}).status_code


def row(world: World, referral_id: UUID) -> Any:
    return world.rows("select * from referral where id = %s", referral_id)[0]


def links(world: World, referral_id: UUID) -> list[Any]:
    return world.rows(
        "select l.* from link l join referral r on r.share_id = l.share_id where r.id = %s order by l.created_at",
        referral_id,
    )


def test_a_referral_begins_with_what_the_record_says(world: World) -> None:
    plans.agreed_plan(world, world.amara)
    browser = world.browser(world.sendco)
    assert world.ashmere.name in browser.get(f"/pupils/{world.amara.id}/referrals/new").text
    made = browser.post(f"/pupils/{world.amara.id}/referrals", {"agency_id": str(world.ashmere.id)})
    assert made.status_code == 303
    page = browser.follow(made).text
    assert "Kind, curious and good with numbers." in page
    assert "Story language group" in page


def test_only_an_agency_can_be_asked(world: World) -> None:
    browser = world.browser(world.sendco)
    for other in (world.thornbeck.id, world.millbrook.id, "x"):
        refused = browser.post(f"/pupils/{world.amara.id}/referrals", {"agency_id": str(other)})
        assert refused.status_code == 422
        assert "Choose" in refused.text


def test_the_whole_way_to_the_mailbox(world: World) -> None:
    referral_id = builders.draft_referral(world, world.amara)
    assert press(world, referral_id, "sending") == 409
    assert press(world, referral_id, "consent-ask") == 303
    ask_id = row(world, referral_id).ask_id
    content = world.scalar("select content from consent_ask where id = %s", ask_id)
    assert content["pupil"] == {"name": "Amara Okonjo-Vale", "born_on": "2019-11-04", "year_group": 2}
    assert press(world, referral_id, "sending") == 409
    consents.consented(world, world.amara, ask_id)
    assert press(world, referral_id, "sending") == 303
    assert row(world, referral_id).status == "sent"
    world.run_errands()
    (link,) = links(world, referral_id)
    assert link.mailbox == world.professional.email
    mail = world.mails()[-1]
    token = LINK.search(text_of(mail))[1]  # type: ignore[index]
    assert bytes(link.token_hash) == hash_token(token)
    assert world.larkrise.name in text_of(mail)
    for word in ("Amara", "Okonjo", "REF-", "speech and", "story"):
        assert word not in text_of(mail) + str(mail["Subject"])


def test_errands_done_twice_make_one_link_and_one_mail(world: World) -> None:
    referral_id, _ = builders.agreed_referral(world, world.amara)
    assert press(world, referral_id, "sending") == 303
    world.run_errands()
    world.execute(
        "update delivery set state = 'waiting', attempts = 0, leased_until = null where handler = 'make_link'"
        " and tenant_id = %s",
        world.larkrise.id,
    )
    world.run_errands()
    assert len(links(world, referral_id)) == 1
    assert len(world.mails()) == 1


def test_sending_again_closes_the_old_link_and_makes_a_new_one(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    assert press(world, sent.referral_id, "sending") == 303
    world.run_errands()
    old, new = links(world, sent.referral_id)
    assert old.closed_because == "sent_again"
    assert new.closed_at is None
    assert old.share_id == new.share_id


def test_the_school_closes_a_link_and_never_opens_it_again(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    browser = world.browser(world.sendco)
    browser.get(f"/referrals/{sent.referral_id}")
    assert browser.post(f"/referrals/{sent.referral_id}/link-closing").status_code == 303
    assert "because you closed it" in browser.get(f"/referrals/{sent.referral_id}").text
    assert browser.post(f"/referrals/{sent.referral_id}/link-closing").status_code == 409
    with pytest.raises(DBAPIError, match="never opened again"), world.acting(world.sendco) as session:
        session.execute(
            text("update link set closed_at = null, closed_because = null where id = :id"),
            {"id": sent.link_id},
        )


@pytest.mark.parametrize(
    "statement",
    [
        "select mailbox from link",
        "select token_hash from link",
        "update link set expires_on = expires_on + 100",
        "insert into link select tenant_id, gen_random_uuid(), guest_tenant_id, share_id, 'x', 'thief@home.example' from link",
    ],
)
def test_nobody_at_the_school_makes_a_link_or_reads_its_secrets(world: World, statement: str) -> None:
    builders.sent_referral(world, world.amara)
    with pytest.raises(DBAPIError, match="permission denied"), world.acting(world.sendco) as session:
        session.execute(text(statement))


def test_withdrawing_consent_before_the_mail_leaves_stops_the_mail(world: World) -> None:
    referral_id, consent_id = builders.agreed_referral(world, world.amara)
    assert press(world, referral_id, "sending") == 303
    with world.acting(world.sendco):
        sharing_service.withdraw(world.sendco.actor, sharing.load_consent(consent_id), method="phone")
    world.run_errands()
    assert links(world, referral_id) == []
    assert [
        mail
        for mail in world.mails()
        if "referral" in str(mail["Subject"]) and "sent" in str(mail["Subject"])
    ] == []
    assert row(world, referral_id).status == "withdrawn"


def test_the_school_withdraws(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    assert press(world, sent.referral_id, "withdrawal") == 303
    assert row(world, sent.referral_id).status == "withdrawn"
    assert links(world, sent.referral_id)[0].closed_because == "withdrawn_by_school"
    assert press(world, sent.referral_id, "sending") == 409


def test_what_was_asked_is_not_changed_without_asking_again(world: World) -> None:
    referral_id, ask_id = builders.asked_referral(world, world.amara)
    answers = dict.fromkeys(builders.WORDS, "New words")
    browser = world.browser(world.sendco)
    assert browser.post(f"/referrals/{referral_id}/words", {**answers, "version": "1"}).status_code == 303
    assert row(world, referral_id).status == "draft"
    assert world.scalar("select closed_at from consent_ask where id = %s", ask_id) is not None
    stale = browser.post(f"/referrals/{referral_id}/words", {**answers, "why_now": "Mine", "version": "1"})
    assert stale.status_code == 409
    assert "Mine" in stale.text
    assert "New words" in stale.text
    sent = builders.sent_referral(world, world.amara)
    assert (
        browser.post(f"/referrals/{sent.referral_id}/words", {**answers, "version": "1"}).status_code == 409
    )


def test_who_may_read_and_who_may_not(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    path = f"/referrals/{sent.referral_id}"
    for who in (world.sendco, world.head, world.dsl):
        assert "To Ashmere" in world.browser(who).get(path).text
        assert "Amara" in world.browser(who).get("/referrals").text
    for who in (world.teacher, world.assistant, world.admin):
        assert world.browser(who).get(path).status_code == 403
    assert world.browser(world.head).post(f"{path}/sending", {"version": "1"}).status_code == 403
    other = world.browser(world.other_sendco)
    for step in ("", "/words", "/evidence", "/consent-ask/new", "/sending/new", "/withdrawal/new"):
        assert other.get(path + step).status_code == 404
    assert other.post(f"{path}/link-closing").status_code == 404
    assert "Amara" not in other.get("/referrals").text


def test_every_page_of_a_referral_opens(world: World) -> None:
    browser = world.browser(world.sendco)
    assert "You have not asked a specialist service" in browser.get("/referrals").text
    draft = builders.draft_referral(world, world.amara, needs="")
    assert "Say what is hard" in browser.get(f"/referrals/{draft}").text
    for step in ("words", "evidence", "consent-ask/new", "withdrawal/new"):
        assert browser.get(f"/referrals/{draft}/{step}").status_code == 200
    agreed, _ = builders.agreed_referral(world, world.amara)
    assert "We mail a link" in browser.get(f"/referrals/{agreed}/sending/new").text
    sent = builders.sent_referral(world, world.amara)
    assert "We mail a new link" in browser.get(f"/referrals/{sent.referral_id}/sending/new").text
    assert "Nobody has opened it yet" in browser.get(f"/referrals/{sent.referral_id}").text


def test_the_school_hears_of_a_link_that_nobody_answered(world: World) -> None:
    silent = builders.sent_referral(world, world.amara)
    answered, alive = builders.sent_referral(world, world.amara), builders.sent_referral(world, world.amara)
    world.execute("update link set answered_at = now() where id = %s", answered.link_id)
    for past in (silent, answered):
        world.execute("update link set expires_on = ctx.today() - 1 where id = %s", past.link_id)
    here = {"tenant_id": world.larkrise.id, "for_tenant_id": world.larkrise.id}
    world.insert("outbox_entry", **here, kind="LinksRunningOut", payload=Jsonb({}))
    world.run_errands()
    reasons = [links(world, sent.referral_id)[0].closed_because for sent in (silent, answered, alive)]
    assert reasons == ["ran_out", "ran_out", None]
    told = world.rows(
        "select path from notification where kind = 'link_ran_out' and tenant_id = %s", world.larkrise.id
    )
    assert [row.path for row in told] == [f"/referrals/{silent.referral_id}"]
    assert "because it ran out" in world.browser(world.sendco).get(f"/referrals/{silent.referral_id}").text
