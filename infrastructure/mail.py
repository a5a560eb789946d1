"""Mail: one message to one person, handed to an SMTP server."""

import smtplib
import ssl
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime, parseaddr
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SECONDS = 10
PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Message:
    """`message_id` stays the same however often a delivery is tried: `<delivery-id@domain>`."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str


class MailNotAccepted(Exception):
    """The server did not take the message. Says nothing about whom it was for: it ends up in logs."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Mailer(Protocol):
    def send(self, message: Message) -> None: ...

    def send_many(self, messages: Iterable[Message]) -> dict[str, MailNotAccepted]:
        """What was not accepted, by message id. All others were."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """An address such as `smtp://user:password@mail.example.org:587?starttls=1`."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = False

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or not _has_sound_port(parts):
            raise ValueError("must look like smtp://user:password@host:port?starttls=1 or smtps://host")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=parts.scheme == "smtps",
            starttls=parse_qs(parts.query).get("starttls") == ["1"],
        )

    @property
    def tells_password_in_clear(self) -> bool:
        return bool(self.password) and not (self.tls or self.starttls)


class SmtpMailer:
    """One connection for a send, or for a batch."""

    def __init__(self, server: MailServer, *, sender: str) -> None:
        self._server = server
        self._sender = sender
        self._envelope_from = parseaddr(sender)[1]

    def send(self, message: Message) -> None:
        composed = compose(message, sender=self._sender)
        with self._connection() as connection:
            self._hand_over(connection, composed)

    def send_many(self, messages: Iterable[Message]) -> dict[str, MailNotAccepted]:
        waiting = list(messages)
        try:
            with self._connection() as connection:
                attempts = [(message.message_id, self._attempt(connection, message)) for message in waiting]
        except MailNotAccepted as nobody_there:
            return {message.message_id: nobody_there for message in waiting}
        return {message_id: refusal for message_id, refusal in attempts if refusal}

    def _attempt(self, connection: smtplib.SMTP, message: Message) -> MailNotAccepted | None:
        """A connection that was lost refuses all that follow, at once and for now only."""
        try:
            self._hand_over(connection, compose(message, sender=self._sender))
        except MailNotAccepted as refusal:
            return refusal
        return None

    def _hand_over(self, connection: smtplib.SMTP, composed: EmailMessage) -> None:
        with _translated():
            connection.send_message(composed, self._envelope_from, [composed["To"].addresses[0].addr_spec])

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        with _translated():
            connection = self._connect()
        try:
            yield connection
        finally:
            _part(connection)

    def _connect(self) -> smtplib.SMTP:
        try:
            connection = self._open()
            try:
                self._introduce(connection)
            except (OSError, smtplib.SMTPException):
                connection.close()
                raise
        except smtplib.SMTPResponseException as refusal:  # our fault or theirs, never the message's
            raise MailNotAccepted(f"Refused with {refusal.smtp_code} at the door.", permanent=False) from None
        return connection

    def _open(self) -> smtplib.SMTP:
        """Smtplib would ask the name service who we are; the domain we write from is answer enough."""
        server, us = self._server, self._envelope_from.rpartition("@")[2]
        if server.tls:
            return smtplib.SMTP_SSL(
                server.host, server.port, us, timeout=SECONDS, context=ssl.create_default_context()
            )
        return smtplib.SMTP(server.host, server.port, us, timeout=SECONDS)

    def _introduce(self, connection: smtplib.SMTP) -> None:
        if self._server.starttls:
            connection.starttls(context=ssl.create_default_context())
        if self._server.user:
            connection.login(self._server.user, self._server.password)


def compose(message: Message, *, sender: str) -> EmailMessage:
    """Text and HTML beside each other. What cannot be one safe header line is refused for good."""
    for value in (message.to, message.subject, message.message_id):
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
            raise MailNotAccepted("A header may not hold a line break or control character.", permanent=True)
    composed = EmailMessage()
    try:
        composed["To"] = _one_address(message.to)
        composed["From"] = sender
        composed["Subject"] = message.subject
        composed["Message-ID"] = message.message_id
    except (ValueError, IndexError, MessageError):
        raise MailNotAccepted("The address is not one we can write to.", permanent=True) from None
    composed["Date"] = format_datetime(localtime())
    composed["Auto-Submitted"] = "auto-generated"
    composed.set_content(message.text)
    composed.add_alternative(message.html, subtype="html")
    return composed


def _one_address(text: str) -> Address:
    """Exactly one: a list would send a child's matter to a second person."""
    local, _, domain = text.strip().rpartition("@")
    return Address(addr_spec=f"{local}@{domain.encode('idna').decode()}")


@contextmanager
def _translated() -> Iterator[None]:
    """One error for callers, without the server's words: those repeat the address."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refusal:
        code = next(iter(refusal.recipients.values()))[0]
        raise _not_accepted(code) from None
    except smtplib.SMTPResponseException as refusal:
        raise _not_accepted(refusal.smtp_code) from None
    except (OSError, smtplib.SMTPException) as trouble:
        raise MailNotAccepted(f"No mail server: {type(trouble).__name__}", permanent=False) from None


def _not_accepted(code: int) -> MailNotAccepted:
    return MailNotAccepted(f"The mail server answered {code}.", permanent=500 <= code < 600)


def _has_sound_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _part(connection: smtplib.SMTP) -> None:
    """The message is delivered by now: a server that will not say goodbye changes nothing."""
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
