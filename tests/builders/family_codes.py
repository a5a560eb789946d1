"""Parents and strangers at the sign-in page of families: asking for a code, and entering one."""

import re

from tests.builders.accounts import Visitor
from tests.mailbox import text_of
from tests.services import DOMAIN
from tests.world import World

HOST = f"family.{DOMAIN}"


def ask(world: World, email: str, visitor: Visitor | None = None) -> Visitor:
    visitor = visitor or Visitor(world, HOST)
    visitor.get("/sign-in")
    page = visitor.follow(visitor.post("/sign-in", {"email": email}))
    assert "Enter the code from your e-mail" in page.text
    return visitor


def mailed_codes(world: World) -> list[str]:
    world.run_errands()
    found = [re.search(r"Your code is (\d{6})", text_of(mail)) for mail in world.mails()]
    return [match[1] for match in found if match]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def enter(visitor: Visitor, code: str) -> int:
    return visitor.post("/sign-in/code", {"code": code}).status_code
