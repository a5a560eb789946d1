"""What becomes of a referral, what its page says then, and what the school can do."""

from datetime import timedelta
from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from app.kernel.clock import today
from app.sharing import queries as sharing
from app.sharing import service as sharing_service
from tests.builders import referrals as builders
from tests.builders import sharing as consents
from tests.builders.referrals import links, press, row
from tests.world import Somebody, World


def test_the_school_withdraws(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    assert press(world, sent.referral_id, "withdrawal") == 303
    assert row(world, sent.referral_id).status == "withdrawn"
    assert links(world, sent.referral_id)[0].closed_because == "withdrawn_by_school"
    assert press(world, sent.referral_id, "sending") == 409


def parent_says(world: World, who: Somebody, ask_id: UUID, *, given: bool) -> None:
    """In the portal, and the postman has been."""
    with world.acting(who, child="amara"):
        said = sharing_service.Answer(given=given)
        sharing_service.answer(world.guardian_actor(who, "amara"), sharing.load_ask(ask_id), said)
    world.run_errands()


def page_of(world: World, referral_id: UUID) -> str:
    return world.browser(world.sendco).get(f"/referrals/{referral_id}").text


def answered(world: World, sent: builders.Sent, kind: str, **said: str) -> None:
    """What Ashmere says, with its envelope, and the postman has been."""
    reply_id = world.insert(
        "reply", tenant_id=world.ashmere.id, home_tenant_id=world.larkrise.id, share_id=sent.share_id, kind=kind,
        content=Jsonb(said), author_name="Sam Okafor",
    )  # fmt: skip
    world.insert(
        "outbox_entry", tenant_id=world.ashmere.id, for_tenant_id=world.larkrise.id, kind="ReferralAnswered",
        payload=Jsonb({"reply_id": str(reply_id), "share_id": str(sent.share_id)}),
    )  # fmt: skip
    world.run_errands()


@pytest.mark.parametrize(
    ("kind", "status", "what_to_do"),
    [
        ("accepted", "accepted", "Tell the family how long they may wait."),
        ("declined", "declined", "start one to another service"),
        ("question", "question", "Answer the service in the way you usually reach it."),
        ("report", "reported", "decide if the family sees it here"),
        ("not_me", "wrong_person", "Ask the service if its mailbox has changed, then send a new link."),
    ],
)
def test_each_answer_says_what_to_do_next(world: World, kind: str, status: str, what_to_do: str) -> None:
    sent = builders.sent_referral(world, world.amara)
    answered(world, sent, kind, words="We have read it.")
    assert row(world, sent.referral_id).status == status
    assert what_to_do in page_of(world, sent.referral_id)


def test_an_acknowledgement_asks_nothing(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    answered(world, sent, "acknowledged")
    assert "What happens next" not in page_of(world, sent.referral_id)


def test_after_a_withdrawal_the_page_says_who_did_it_and_what_can_be_done(world: World) -> None:
    sent, drafted = builders.sent_referral(world, world.amara), builders.draft_referral(world, world.amara)
    for referral_id in (sent.referral_id, drafted):
        assert press(world, referral_id, "withdrawal") == 303
        assert "You can start a new referral at any time." in page_of(world, referral_id)
    assert "Your school took it back on" in page_of(world, sent.referral_id)
    assert "took this referral back before it was sent" in page_of(world, drafted)


def test_a_consent_taken_back_ends_the_referral_and_the_page_says_so(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    with world.acting(world.sendco):
        sharing_service.withdraw(world.sendco.actor, sharing.load_consent(sent.consent_id), method="phone")
    world.run_errands()
    assert row(world, sent.referral_id).status == "withdrawn"
    page = page_of(world, sent.referral_id)
    assert "An adult with parental responsibility took back their yes on" in page
    assert "Send a new link" not in page


def test_a_no_after_sending_is_shown_and_the_school_decides(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    parent_says(world, world.father, row(world, sent.referral_id).ask_id, given=False)
    assert row(world, sent.referral_id).status == "sent"
    assert links(world, sent.referral_id)[0].closed_at is None
    assert "To stop sharing, withdraw this referral." in page_of(world, sent.referral_id)


def test_stopping_from_the_page_about_sharing_ends_the_referral_and_gives_the_real_reason(
    world: World,
) -> None:
    sent = builders.sent_referral(world, world.amara)
    browser = world.browser(world.sendco)
    browser.post(f"/shares/{sent.share_id}/revocation", {"because": "Sent to the wrong service"})
    world.run_errands()
    assert row(world, sent.referral_id).status == "withdrawn"
    page = page_of(world, sent.referral_id)
    assert "“Sent to the wrong service”" in page
    assert "because you stopped sharing" in page
    assert "it ran out" not in page


def test_a_link_that_is_closed_says_what_to_do(world: World) -> None:
    sent = builders.sent_referral(world, world.amara)
    assert "send a new link." not in page_of(world, sent.referral_id)
    world.browser(world.sendco).post(f"/referrals/{sent.referral_id}/link-closing")
    assert "Ask the service in another way, or send a new link." in page_of(world, sent.referral_id)


def test_when_the_agreed_time_is_over_the_page_says_so_and_asks_to_begin_again(world: World) -> None:
    referral_id, consent_id = builders.agreed_referral(world, world.amara)
    ask_id, over = row(world, referral_id).ask_id, today() - timedelta(days=1)
    share_id = consents.shared(world, world.amara, ask_id, consent_id, expires_on=over)
    sent = "update referral set status = 'sent', share_id = %s, sent_at = now() where id = %s"
    world.execute(sent, share_id, referral_id)
    page = page_of(world, referral_id)
    assert f"The time for which the family agreed was over on {over.day} {over:%B %Y}" in page
    assert "If it is still needed, withdraw it." in page
