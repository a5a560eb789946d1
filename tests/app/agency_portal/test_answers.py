"""What a professional reads and answers, until the consent is withdrawn."""

import re
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.access import Audience
from app.kernel.clock import now
from infrastructure.database.door import unit_of_work
from tenants import context
from tests.builders import referrals as builders
from tests.builders.agency_portal import HOST, kinds, replies, signed_in, status, withdraw
from tests.builders.referrals import Sent
from tests.mailbox import text_of
from tests.world import World


def test_the_referral_shows_what_was_agreed_and_nothing_else(world: World, sent: Sent) -> None:
    other = builders.sent_referral(world, world.idris, by=world.other_mother, why_now="About somebody else")
    page = signed_in(world, sent).get("/referral").text
    assert "Amara Okonjo-Vale" in page
    assert builders.WORDS["wanted"] in page
    assert "somebody else" not in page
    assert str(other.share_id) not in page


@pytest.mark.parametrize(
    ("step", "answers", "then", "seen"),
    [
        ("acknowledgement", {}, "sent", "They have received it"),
        ("acceptance", {"expected_wait": "18 weeks", "words": "We will write."}, "accepted", "18 weeks"),
        ("refusal", {"reason": "too_early", "words": "Try a group first."}, "declined", "Try a group first."),
        ("question", {"words": "Has she had a hearing test?"}, "question", "hearing test"),
        ("advice", {"recommendations": "Ten minutes of sounds each day."}, "reported", "Ten minutes"),
    ],
)
def test_each_answer_reaches_the_school(
    world: World, sent: Sent, step: str, answers: dict[str, str], then: str, seen: str
) -> None:
    browser = signed_in(world, sent)
    if step != "acknowledgement":
        assert browser.get(f"/referral/{step}/new").status_code == 200
        assert browser.post(f"/referral/{step}", {}).status_code == 422
    browser.get("/referral")
    assert browser.post(f"/referral/{step}", answers).status_code == 303
    world.run_errands()
    assert status(world, sent) == then
    page = world.browser(world.sendco).get(f"/referrals/{sent.referral_id}").text
    assert seen in page
    assert "Maya Lind, Speech and language therapist" in page
    assert len(replies(world, sent)) == 1
    told = world.scalar(
        "select count(*) from notification where tenant_id = %s and person_id = %s and path = %s",
        world.larkrise.id,
        world.sendco.id,
        f"/referrals/{sent.referral_id}",
    )
    assert told == (0 if step == "acknowledgement" else 1)


def test_an_answer_sent_twice_is_one_answer(world: World, sent: Sent) -> None:
    browser = signed_in(world, sent)
    same = {"words": "Why?", "idempotency_key": "01920000-0000-7000-8000-000000000002"}
    for _ in range(2):
        assert browser.post("/referral/question", same).status_code == 303
    assert len(replies(world, sent)) == 1


@pytest.mark.parametrize(
    ("first", "answers"),
    [
        ("acknowledgement", {}),
        ("acceptance", {"expected_wait": "18 weeks"}),
        ("question", {"words": "Has she had a hearing test?"}),
    ],
)
def test_received_is_offered_and_taken_only_as_the_first_word(
    world: World, sent: Sent, first: str, answers: dict[str, str]
) -> None:
    browser = signed_in(world, sent)
    assert "We have received this" in browser.get("/referral").text
    browser.post(f"/referral/{first}", answers)
    assert "We have received this" not in browser.get("/referral").text
    late = browser.post("/referral/acknowledgement")
    assert late.status_code == 409
    assert "The school has heard from you already" in late.text
    assert "The school knows that you have received it" not in browser.get("/referral").text
    assert len(replies(world, sent)) == 1


def test_after_an_answer_the_link_lives_two_more_weeks(world: World, sent: Sent) -> None:
    browser = signed_in(world, sent)
    browser.post("/referral/acceptance", {"expected_wait": "18 weeks"})
    world.run_errands()
    assert world.scalar("select expires_on - ctx.today() from link where id = %s", sent.link_id) == 14


def test_the_wrong_person_closes_the_link_and_the_school_sends_a_new_one(world: World, sent: Sent) -> None:
    browser = signed_in(world, sent)
    assert "The link closes for everybody" in browser.get("/referral/wrong-person/new").text
    done = browser.post("/referral/wrong-person", {"words": "Ask the autism team."})
    assert "The link is closed" in browser.follow(done).text
    assert browser.get(sent.path).status_code == 410
    assert world.scalar("select ended_at from session where scope_id = %s", sent.share_id) is not None
    world.run_errands()
    assert status(world, sent) == "wrong_person"
    assert kinds(world, sent)[-1] == "not_me"
    sendco = world.browser(world.sendco)
    assert "Ask the autism team." in sendco.get(f"/referrals/{sent.referral_id}").text
    version = str(world.scalar("select version from referral where id = %s", sent.referral_id))
    assert sendco.post(f"/referrals/{sent.referral_id}/sending", {"version": version}).status_code == 303
    world.run_errands()
    fresh = re.search(r"/r/(\S+)", text_of(world.mails()[-1]))
    assert fresh
    assert world.visitor(HOST).get(f"/r/{fresh[1]}").status_code == 200
    assert status(world, sent) == "sent"


def test_withdrawing_consent_ends_link_session_and_answers_at_once(world: World, sent: Sent) -> None:
    browser = signed_in(world, sent)
    assert browser.post("/referral/question", {"words": "Asked in time?"}).status_code == 303
    withdraw(world, sent)
    assert browser.get("/referral").status_code == 410
    assert browser.post("/referral/acceptance", {"expected_wait": "1 week"}).status_code == 410
    assert browser.get(sent.path).status_code == 410
    assert len(replies(world, sent)) == 1
    world.run_errands()
    assert status(world, sent) == "withdrawn"
    assert (
        world.scalar(
            "select count(*) from notification where kind = 'referral_answered' and tenant_id = %s",
            world.larkrise.id,
        )
        == 0
    )


@pytest.mark.parametrize(
    ("kind", "author", "taken"),
    [
        ("question", "professional", True),
        ("decision", "professional", False),
        ("question", "head", False),
    ],
)
def test_postgresql_lets_an_agency_decide_nothing_and_write_in_nobody_elses_name(
    world: World, sent: Sent, kind: str, author: str, taken: bool
) -> None:
    say = text(
        "insert into reply (tenant_id, id, home_tenant_id, share_id, kind, content, person_id, author_name)"
        " values (ctx.tenant(), gen_random_uuid(), :home, :share, :kind, '{}', :who, 'Maya')"
    )
    values = {
        "home": world.larkrise.id,
        "share": sent.share_id,
        "kind": kind,
        "who": getattr(world, author).id,
    }
    binding = context.of_tenant(
        world.ashmere.id, audience="agency", person_id=world.professional.id, scope_id=sent.share_id
    )
    expected = nullcontext() if taken else pytest.raises(DBAPIError, match="row-level security")
    with world.database.hosts.apps[Audience.AGENCY].app_context(), expected, unit_of_work(binding) as session:
        session.execute(say, values)
    assert len(replies(world, sent)) == taken


def test_ten_answers_an_hour_are_enough_and_the_wrong_person_may_still_say_so(
    world: World, sent: Sent
) -> None:
    browser = signed_in(world, sent)
    for number in range(10):
        assert browser.post("/referral/question", {"words": f"Question {number}?"}).status_code == 303
    refused = browser.post("/referral/question", {"words": "One more question?"})
    assert refused.status_code == 422
    assert "You have sent the school 10 answers in the last hour" in refused.text
    assert "One more question?" in refused.text
    assert len(replies(world, sent)) == 10
    assert browser.post("/referral/wrong-person", {"words": ""}).status_code == 303


def test_an_hour_later_there_is_room_for_another_answer(world: World, sent: Sent) -> None:
    said = {"tenant_id": world.ashmere.id, "home_tenant_id": world.larkrise.id, "share_id": sent.share_id}
    for _ in range(10):
        world.insert(
            "reply",
            **said,
            kind="question",
            content="{}",
            author_name="x",
            issued_at=now() - timedelta(minutes=61),
        )
    assert signed_in(world, sent).post("/referral/question", {"words": "Later?"}).status_code == 303
