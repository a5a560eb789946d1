"""What the mail server received."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


def mails_for(folder: str, addresses: set[str]) -> list[EmailMessage]:
    """Mails to any of these addresses, in the order in which they arrived."""
    found = []
    for path in sorted(Path(folder).glob("*.eml")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        if str(mail["To"]).lower() in addresses:
            found.append(mail)
    return found


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
