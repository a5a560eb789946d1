"""A code from the registered mailbox, and nobody who guesses or asks elsewhere in its way."""

import pytest

from tests.builders.accounts import Visitor
from tests.builders.agency_portal import (
    CODE,
    HOST,
    WHO,
    WORDS,
    at_the_link,
    code_mails,
    enter,
    kinds,
    signed_in,
    with_code,
    withdraw,
    wrong,
)
from tests.builders.referrals import Sent
from tests.mailbox import text_of
from tests.world import World


def test_a_second_browser_without_the_mailbox_gets_nothing(world: World, sent: Sent) -> None:
    signed_in(world, sent)
    thief = world.visitor(HOST)
    assert not [word for word in WORDS if word in thief.get(sent.path).text]
    assert thief.get("/referral").status_code == 303
    used = code_mails(world)[-1]
    refused = thief.post(f"{sent.path}/session", {"code": used, **WHO})
    assert refused.status_code == 422
    assert "This code no longer works" in refused.text
    assert thief.get("/referral").location.endswith("/")


def test_five_wrong_codes_are_enough(world: World, sent: Sent) -> None:
    right = with_code(world, sent)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    thief = at_the_link(world, sent)
    answers = [thief.post(f"{sent.path}/session", {"code": wrong, **WHO}) for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert "Maya Lind" in answers[0].text
    assert at_the_link(world, sent).post(f"{sent.path}/session", {"code": right, **WHO}).status_code == 429
    assert kinds(world, sent).count("code_wrong") == 5


def test_the_code_goes_to_the_registered_mailbox_whoever_asks(world: World, sent: Sent) -> None:
    at_the_link(world, sent).post(
        f"{sent.path}/code", {"email": "thief@home.example", "mailbox": "thief@home.example"}
    )
    world.run_errands()
    (mail,) = [mail for mail in world.mails() if CODE.search(text_of(mail))]
    assert mail["To"] == world.professional.email


def test_a_code_that_was_asked_for_is_not_mailed_after_a_withdrawal(world: World, sent: Sent) -> None:
    at_the_link(world, sent).post(f"{sent.path}/code")
    withdraw(world, sent)
    world.run_errands()
    assert code_mails(world) == []


def test_asking_again_sends_the_same_code_again(world: World, sent: Sent) -> None:
    for _ in range(5):
        with_code(world, sent)
    assert len(code_mails(world)) == 3
    assert len(set(code_mails(world))) == 1


@pytest.mark.parametrize("asks", [True, False])
def test_whoever_guesses_from_elsewhere_takes_nothing_from_the_agency(
    world: World, sent: Sent, asks: bool
) -> None:
    """With the link in hand, forwarded perhaps, and with or without a code asked for."""
    right = with_code(world, sent)
    thief = Visitor(world, HOST)
    thief.get(sent.path)
    if asks:
        for _ in range(4):
            thief.post(f"{sent.path}/code")
    guesses = [enter(thief, sent, wrong(right)).status_code for _ in range(6)]
    assert guesses == ([422] * 5 + [429] if asks else [422] * 6)
    assert enter(thief, sent, right).status_code == (429 if asks else 422)
    assert thief.session is None
    signed_in(world, sent)


def test_the_browser_that_asked_may_move_to_another_network(world: World, sent: Sent) -> None:
    visitor = Visitor(world, HOST)
    visitor.get(sent.path)
    visitor.post(f"{sent.path}/code")
    world.run_errands()
    visitor.address = Visitor(world, HOST).address
    assert enter(visitor, sent, code_mails(world)[-1]).status_code == 303
