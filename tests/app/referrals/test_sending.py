"""A link leaves by mail, is sent again, is closed, runs out."""

import re
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.sharing import queries as sharing
from app.sharing import service as sharing_service
from app.web.cookies import hash_token
from tests.builders import referrals as builders
from tests.builders import sharing as consents
from tests.builders.referrals import links, press, row
from tests.mailbox import text_of
from tests.world import World

LINK = re.compile(r"https://agency\.send\.example/r/(\S+)")


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


def test_a_yes_that_comes_while_the_page_is_open_does_not_stop_the_sending(world: World) -> None:
    referral_id, ask_id = builders.asked_referral(world, world.amara)
    browser = world.browser(world.sendco)
    seen = version_on(browser.get(f"/referrals/{referral_id}/sending/new").text)
    mother_agrees(world, ask_id)
    assert row(world, referral_id).status == "agreed"
    sent = browser.post(f"/referrals/{referral_id}/sending", {"version": seen})
    assert sent.status_code == 303
    assert row(world, referral_id).status == "sent"


def mother_agrees(world: World, ask_id: UUID) -> None:
    """In the portal, and the postman has been."""
    with world.acting(world.mother, child="amara"):
        yes = sharing_service.Answer(given=True)
        sharing_service.answer(world.guardian_actor(world.mother, "amara"), sharing.load_ask(ask_id), yes)
    world.run_errands()


def version_on(page: str) -> str:
    """What the form on an open page says it has seen."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


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
