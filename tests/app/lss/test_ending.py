"""How a request comes to an end, and what its page says then."""

from uuid import UUID

from sqlalchemy import text

from app.sharing import queries, service
from tests.builders import lss as builders
from tests.builders.lss import press, row
from tests.world import World


def test_withdrawing_ends_the_share(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    assert press(world, world.sendco, sent.request_id, "withdrawal") == 303
    assert row(world, sent.request_id).status == "withdrawn"
    assert (
        world.scalar("select revoked_because from share where id = %s", sent.share_id)
        == "withdrawn_by_school"
    )
    assert press(world, world.sendco, sent.request_id, "withdrawal") == 409


def test_a_withdrawn_draft_was_never_shown_to_the_family(world: World) -> None:
    drafts = builders.draft_request(world, world.amara)
    shown, _ = builders.asked_request(world, world.amara)
    for request_id in (drafts, shown):
        assert press(world, world.sendco, request_id, "withdrawal") == 303
    with world.acting(world.mother, child="amara") as session:
        assert list(session.scalars(text("select id from lss_request"))) == [shown]


def test_a_consent_taken_back_ends_a_request_that_was_sent(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    with world.acting(world.sendco):
        service.withdraw(world.sendco.actor, queries.load_consent(sent.consent_id), method="phone")
    world.run_errands()
    assert row(world, sent.request_id).status == "withdrawn"
    assert world.scalar("select revoked_at from share where id = %s", sent.share_id) is not None


def says_no(world: World, ask_id: UUID) -> None:
    """Amara's father, in the portal, after her mother has said yes; and the postman has been."""
    with world.acting(world.father, child="amara"):
        said = service.Answer(given=False)
        service.answer(world.guardian_actor(world.father, "amara"), queries.load_ask(ask_id), said)
    world.run_errands()


def page_of(world: World, request_id: UUID) -> str:
    return world.browser(world.sendco).get(f"/lss/requests/{request_id}").text


def test_after_a_withdrawal_the_page_says_who_did_it_and_what_can_be_done(world: World) -> None:
    sent, drafted = builders.submitted_request(world, world.amara), builders.draft_request(world, world.amara)
    for request_id in (sent.request_id, drafted):
        assert press(world, world.sendco, request_id, "withdrawal") == 303
    assert "Your school took it back on" in page_of(world, sent.request_id)
    assert "Thornbeck Locality Partnership can no longer open it." in page_of(world, sent.request_id)
    assert "took this request back before it was sent" in page_of(world, drafted)
    for request_id in (sent.request_id, drafted):
        assert "You can start a new request at any time." in page_of(world, request_id)
        assert "Withdraw this request" not in page_of(world, request_id)


def test_after_a_consent_was_taken_back_the_page_says_so_and_asks_to_talk(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    with world.acting(world.sendco):
        service.withdraw(world.sendco.actor, queries.load_consent(sent.consent_id), method="phone")
    world.run_errands()
    page = page_of(world, sent.request_id)
    assert "An adult with parental responsibility took back their yes on" in page
    assert "Talk it through with the family." in page
    assert "Amara keeps all the help they get now." in page


def test_a_no_before_sending_is_on_the_page_with_what_to_do(world: World) -> None:
    request_id, _ = builders.agreed_request(world, world.amara)
    says_no(world, row(world, request_id).ask_id)
    page = page_of(world, request_id)
    assert "An adult with parental responsibility has said no. Nothing is sent." in page
    assert "write down the new answer" in page


def test_a_no_after_sending_leaves_the_request_with_the_panel_and_the_school_decides(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    says_no(world, row(world, sent.request_id).ask_id)
    assert row(world, sent.request_id).status == "submitted"
    assert world.scalar("select revoked_at from share where id = %s", sent.share_id) is None
    page = page_of(world, sent.request_id)
    assert "Thornbeck Locality Partnership can still open what was sent before." in page
    assert "To stop sharing, withdraw this request." in page


def test_stopping_from_the_page_about_sharing_ends_the_request_too(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    stopped = world.browser(world.dsl).post(
        f"/shares/{sent.share_id}/revocation", {"because": "The family has moved away"}
    )
    assert stopped.status_code == 303
    world.run_errands()
    assert row(world, sent.request_id).status == "withdrawn"
    assert "“The family has moved away”" in page_of(world, sent.request_id)
    assert "What happens next" not in page_of(world, sent.request_id)


def test_what_the_panel_decided_stays_decided_when_sharing_ends(world: World) -> None:
    sent = builders.submitted_request(world, world.amara)
    builders.decided(world, sent, world.larkrise.id)
    world.run_errands()
    with world.acting(world.sendco):
        service.withdraw(world.sendco.actor, queries.load_consent(sent.consent_id), method="phone")
    world.run_errands()
    assert row(world, sent.request_id).status == "decided"
    assert "took back their yes" in page_of(world, sent.request_id)
