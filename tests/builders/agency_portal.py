"""Professionals at the end of a link: before the code, with it, and signed in."""

import re
from typing import Any

from werkzeug.test import TestResponse

from app.sharing import queries as sharing
from app.sharing import service as sharing_service
from tests.browser import Browser
from tests.builders.referrals import Sent
from tests.mailbox import text_of
from tests.services import DOMAIN
from tests.world import World

HOST = f"agency.{DOMAIN}"
CODE = re.compile(r"Your code is (\d{6})")
WHO = {"name": "Maya Lind", "role": "Speech and language therapist"}
WORDS = ("Amara", "Okonjo", "2019", "Larkrise", "Ashmere", "REF-")


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


def signed_in(world: World, sent: Sent, browser: Browser | None = None) -> Browser:
    browser = browser or at_the_link(world, sent)
    response = enter(browser, sent, with_code(world, sent))
    assert "Referral REF-" in browser.follow(response).text
    return browser


def enter(browser: Browser, sent: Sent, code: str) -> TestResponse:
    return browser.post(f"{sent.path}/session", {"code": code, **WHO})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


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
