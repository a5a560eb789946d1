"""Letters by mail: the same words as text and as HTML, in one layout, without anything to load from elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from infrastructure.mail import Message


@dataclass(frozen=True, slots=True)
class Letter:
    """`sender` is the organisation that writes. Without a link the letter only tells."""

    subject: str
    paragraphs: Sequence[str]
    sender: str
    link_text: str = ""
    link: str = ""

    def to(self, email: str, *, message_id: str) -> Message:
        """`message_id` is the same on every try: `<delivery-id@domain>`."""
        return Message(
            to=email,
            subject=self.subject,
            text=_render("letter.txt", self),
            html=_render("letter.html", self),
            message_id=message_id,
        )


def _render(name: str, letter: Letter) -> str:
    return _templates().get_template(name).render(letter=letter)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("app.notifications", "templates/notifications/mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
