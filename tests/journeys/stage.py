"""Where a journey plays: a small partnership on real processes, its people at their browsers, and the post."""

import re
import threading
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from uuid import UUID

from playwright.sync_api import Browser

from tests.builders.accounts import code_now, with_password
from tests.journeys.album import Album
from tests.journeys.visitor import Visitor
from tests.mailbox import text_of
from tests.world import Somebody, World

MOMENT, PATIENCE = 0.1, 60
SIX_DIGITS = re.compile(r"Your code is (\d{6})")
LINK = re.compile(r"http://\S+/r/\S+")


NOT_DONE = "select handler, state, attempts, problem from delivery where state <> 'done' order by due_at desc limit 9"


@dataclass
class Stage:
    """`visitors` are everybody who has a window open, to be closed at the end."""

    world: World
    browser: Browser
    javascript: bool = True
    album: Album | None = None
    visitors: list[Visitor] = field(default_factory=list)
    windows: dict[object, Visitor] = field(default_factory=dict)

    def visitor(self) -> Visitor:
        """Somebody whom the service does not know yet."""
        visitor = Visitor(self.browser, javascript=self.javascript, album=self.album)
        self.visitors.append(visitor)
        return visitor

    def signed_in(self, who: Somebody, *, share_id: UUID | None = None) -> Visitor:
        """With a session as signing in would have made it, on the first page."""
        token = self.world.session_of(who, share_id=share_id)
        visitor = self.visitor().sign_in_with(self.world.host_of(who), token)
        return visitor.open(self.address(who, "/referral" if share_id else "/"))

    def window_of(self, who: Somebody | None, share_id: UUID | None = None) -> Visitor:
        """The same window each time, so that everybody signs in once."""
        key = (who.id, who.at and who.at.id) if who else None
        if key not in self.windows:
            self.windows[key] = self.signed_in(who, share_id=share_id) if who else self.visitor()
        return self.windows[key]

    def address(self, who: Somebody, path: str) -> str:
        return f"http://{self.world.host_of(who)}{path}"

    def staff_sign_in(self, who: Somebody) -> Visitor:
        """The whole way: password, then the code of the app on their phone."""
        password, secret = with_password(self.world, who)
        visitor = self.visitor().open(self.address(who, "/sign-in"))
        visitor.fill("E-mail address", who.email).fill("Password", password).press("Continue")
        return visitor.fill("Code", code_now(self.world, who, secret)).press("Sign in")

    def family_sign_in(self, who: Somebody) -> Visitor:
        """With the code that is mailed to them."""
        visitor = self.visitor().open(self.address(who, "/sign-in"))
        visitor.fill("Your e-mail address", who.email).press("Send me a code")
        return visitor.fill("Code", self.mailed(who, SIX_DIGITS)).press("Sign in")

    def letter(self, to: Somebody, words: re.Pattern[str]) -> EmailMessage:
        """The newest mail to somebody that says this, as soon as it has arrived."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for mail in reversed(self.world.mails()):
                if str(mail["To"]).lower() == to.email and words.search(_all_of(mail)):
                    return mail  # type: ignore[no-any-return]
            threading.Event().wait(MOMENT)
        said = [str(mail["Subject"]) for mail in self.world.mails()]
        raise AssertionError((to.name, words.pattern, said, self.world.rows(NOT_DONE)))

    def mailed(self, to: Somebody, words: re.Pattern[str]) -> str:
        """What a mail says at that place: a code, a link."""
        found = words.search(_all_of(self.letter(to, words)))
        assert found
        return found[found.lastindex or 0]

    def until(self, visitor: Visitor, words: str) -> Visitor:
        """Look again until the page says it: work goes on behind it."""
        deadline = time.monotonic() + PATIENCE
        while not visitor.sees(words):
            assert time.monotonic() < deadline, (visitor.page.url, words, visitor.read())
            threading.Event().wait(MOMENT)
            visitor.page.reload()
        return visitor.check()

    def close(self) -> None:
        for visitor in self.visitors:
            visitor.close()


def _all_of(mail: EmailMessage) -> str:
    return f"{mail['Subject']}\n{text_of(mail)}"
