"""A link shows nothing by itself; a code from the mailbox leads to one referral, until it is answered or withdrawn."""

import io
import re
from contextlib import nullcontext
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.access import Audience
from app.sharing import queries as sharing
from app.sharing import service as sharing_service
from infrastructure.database.door import unit_of_work
from tenants import context
from tests.browser import Browser
from tests.builders import referrals as builders
from tests.builders.documents import LETTER, storage
from tests.builders.referrals import Sent
from tests.mailbox import text_of
from tests.services import DOMAIN
from tests.world import World

HOST = f"agency.{DOMAIN}"
CODE = re.compile(r"Your code is (\d{6})")
WHO = {"name": "Maya Lind", "role": "Speech and language therapist"}
WORDS = ("Amara", "Okonjo", "2019", "Larkrise", "Ashmere", "REF-")


@pytest.fixture
def sent(world: World) -> Sent:
    return builders.sent_referral(world, world.amara)


def code_mails(world: World) -> list[str]:
    found = (CODE.search(text_of(mail)) for mail in world.mails())
    return [match[1] for match in found if match]


def at_the_link(world: World, sent: Sent) -> Browser:
    """Somebody who has opened the link, and nothing more."""
    browser = world.visitor(HOST)
    browser.get(sent.path)
    return browser


def with_code(world: World, sent: Sent) -> str:
    assert at_the_link(world, sent).post(f"{sent.path}/code").status_code == 303
    world.run_errands()
    return code_mails(world)[-1]


def signed_in(world: World, sent: Sent) -> Browser:
    browser = at_the_link(world, sent)
    response = browser.post(f"{sent.path}/session", {"code": with_code(world, sent), **WHO})
    assert "Referral REF-" in browser.follow(response).text
    return browser


def kinds(world: World, sent: Sent) -> list[str]:
    return [
        row.kind
        for row in world.rows("select kind from link_event where link_id = %s order by at, id", sent.link_id)
    ]


def replies(world: World, sent: Sent) -> list[Any]:
    return world.rows("select * from reply where share_id = %s order by issued_at", sent.share_id)


def status(world: World, sent: Sent) -> str:
    return str(world.scalar("select status from referral where id = %s", sent.referral_id))


def withdraw(world: World, sent: Sent) -> None:
    with world.acting(world.sendco):
        sharing_service.withdraw(world.sendco.actor, sharing.load_consent(sent.consent_id), method="phone")


def test_opening_the_link_shows_nothing_and_uses_nothing_up(world: World, sent: Sent) -> None:
    before = world.rows("select * from link where id = %s", sent.link_id)
    for _ in range(20):
        page = world.visitor(HOST).get(sent.path)
        assert page.status_code == 200
        assert not [word for word in WORDS if word in page.text]
        assert world.visitor(HOST).client.head(sent.path, base_url=f"https://{HOST}").status_code == 200
    assert world.rows("select * from link where id = %s", sent.link_id) == before
    assert world.scalar("select count(*) from session where scope_id = %s", sent.share_id) == 0
    assert set(kinds(world, sent)) == {"opened"}
    assert code_mails(world) == []
    signed_in(world, sent)


def test_a_robot_that_sends_every_form_changes_nothing(world: World, sent: Sent) -> None:
    robot = world.visitor(HOST)
    for _ in range(10):
        robot.get(sent.path)
        robot.post(f"{sent.path}/code")
        robot.get(f"{sent.path}/session/new")
        assert (
            robot.post(f"{sent.path}/session", {"code": "test", "name": "test", "role": "test"}).status_code
            == 422
        )
        robot.post(f"{sent.path}/session", {})
    world.run_errands()
    assert len(code_mails(world)) == 3
    assert status(world, sent) == "sent"
    assert replies(world, sent) == []
    assert world.scalar("select closed_at from link where id = %s", sent.link_id) is None
    browser = at_the_link(world, sent)
    assert browser.post(f"{sent.path}/session", {"code": code_mails(world)[-1], **WHO}).status_code == 303


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
    assert kinds(world, sent).count("code_wrong") == 7


def test_the_code_goes_to_the_registered_mailbox_whoever_asks(world: World, sent: Sent) -> None:
    at_the_link(world, sent).post(
        f"{sent.path}/code", {"email": "thief@home.example", "mailbox": "thief@home.example"}
    )
    world.run_errands()
    (mail,) = [mail for mail in world.mails() if CODE.search(text_of(mail))]
    assert mail["To"] == world.professional.email


def test_an_unknown_link_is_not_found_and_a_closed_one_is_gone(world: World, sent: Sent) -> None:
    visitor = at_the_link(world, sent)
    for step in ("", "/session/new"):
        assert visitor.get(f"/r/nothing-like-it{step}").status_code == 404
    assert visitor.post("/r/nothing-like-it/code").status_code == 404
    withdraw(world, sent)
    for step in ("", "/session/new"):
        page = visitor.get(sent.path + step)
        assert page.status_code == 410
        assert not [word for word in WORDS if word in page.text]
    for step in ("/code", "/session"):
        assert visitor.post(sent.path + step, {"code": "123456", **WHO}).status_code == 410


def test_a_link_that_ran_out_is_gone(world: World, sent: Sent) -> None:
    world.execute("update link set expires_on = current_date - 2 where id = %s", sent.link_id)
    assert world.visitor(HOST).get(sent.path).status_code == 410


def test_the_school_sees_each_opening_and_who_came_in(world: World, sent: Sent) -> None:
    signed_in(world, sent)
    page = world.browser(world.sendco).get(f"/referrals/{sent.referral_id}").text
    assert "The link was opened" in page
    assert "A code was sent to the registered mailbox" in page
    assert "Somebody signed in (Maya Lind, Speech and language therapist)" in page
    looked = world.rows(
        "select reader_name, role from read_log where pupil_id = %s and what = 'referral'", world.amara.id
    )
    assert ("Ashmere Speech and Language Therapy", "Professional") in [tuple(row) for row in looked]


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


def test_a_code_that_was_asked_for_is_not_mailed_after_a_withdrawal(world: World, sent: Sent) -> None:
    at_the_link(world, sent).post(f"{sent.path}/code")
    withdraw(world, sent)
    world.run_errands()
    assert code_mails(world) == []


def test_a_report_is_checked_then_read_by_the_school_and_shown_to_the_family_by_choice(
    world: World, sent: Sent
) -> None:
    storage()
    browser = signed_in(world, sent)
    assert browser.post("/referral/report", {"title": "Assessment"}).status_code == 422
    assert browser.get("/referral/report/new").status_code == 200
    upload = {"title": "Assessment", "file": (io.BytesIO(LETTER), "assessment.pdf")}
    response = browser.post("/referral/report", upload, content_type="multipart/form-data")
    assert response.status_code == 303, response.text
    assert "being checked" in browser.get("/referral/report/new").text
    assert replies(world, sent) == []
    world.run_errands()
    assert "the school has it" in browser.get("/referral/report/new").text
    assert status(world, sent) == "reported"
    sendco = world.browser(world.sendco)
    assert "The family cannot see it." in sendco.get(f"/referrals/{sent.referral_id}").text
    copy = world.rows(
        "select * from document where tenant_id = %s and share_id = %s", world.larkrise.id, sent.share_id
    )[0]
    assert (copy.pupil_id, copy.status, copy.shown_to_family) == (world.amara.id, "clean", False)
    assert sendco.get(f"/documents/{copy.id}/content").status_code == 303
    show = f"/referrals/{sent.referral_id}/reports/{copy.id}/family"
    shown = {"shown": "yes", "version": str(copy.version)}
    assert world.browser(world.head).post(show, shown).status_code == 403
    assert sees(world) == 0
    assert sendco.post(show, shown).status_code == 303
    assert "The family can see it." in sendco.get(f"/referrals/{sent.referral_id}").text
    assert sees(world) == 1


def sees(world: World) -> int:
    with world.acting(world.mother, child="amara") as session:
        return int(session.scalar(text("select count(*) from document")) or 0)


def test_a_report_that_comes_after_a_withdrawal_goes_nowhere(world: World, sent: Sent) -> None:
    storage()
    browser = signed_in(world, sent)
    upload = {"title": "Assessment", "file": (io.BytesIO(LETTER), "assessment.pdf")}
    assert browser.post("/referral/report", upload, content_type="multipart/form-data").status_code == 303
    withdraw(world, sent)
    world.run_errands()
    assert replies(world, sent) == []
    assert world.scalar("select count(*) from document where tenant_id = %s", world.larkrise.id) == 0


def test_without_a_session_the_way_in_is_the_link(world: World) -> None:
    visitor = world.visitor(HOST)
    for path in ("/referral", "/referral/acceptance/new", "/referral/report/new"):
        assert visitor.get(path).location.endswith("/")
    assert "open the link in the mail" in visitor.get("/").text


def test_signing_out_ends_the_session(world: World, sent: Sent) -> None:
    browser = signed_in(world, sent)
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/referral").status_code == 303


def test_a_document_of_another_share_is_not_found(world: World, sent: Sent) -> None:
    other = builders.sent_referral(world, world.idris, by=world.other_mother)
    assert signed_in(world, sent).get(f"/referral/documents/{other.share_id}").status_code == 404


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
