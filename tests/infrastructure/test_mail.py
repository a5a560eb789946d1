"""Mail goes to one person, says that a machine wrote it, and tells what was not accepted and whether to try again."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infrastructure.embedded.ports import remembered_ports
from infrastructure.mail import MailNotAccepted, MailServer, Message, SmtpMailer, compose

SENDER = "Oakfield partnership <no-reply@send.example.org>"


class Postbox:
    """Takes mail, and refuses some as real servers do."""

    ANSWERS = {"gone@": "550 No such user", "busy@": "451 Try later", "closing@": "421 Closing"}

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.sessions: set[int] = set()

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        for start, answer in self.ANSWERS.items():
            if address.startswith(start):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = message_from_bytes(cast("bytes", envelope.content), policy=default)
        if mail["Subject"] == "spam":
            return "554 No spam"
        self.mails.append(mail)
        self.envelopes.append(envelope)
        self.sessions.add(id(session))
        return "250 OK"


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def port(tmp_path: Path) -> int:
    return remembered_ports(tmp_path / "ports.json", ["mail"])["mail"]


@pytest.fixture
def server(postbox: Postbox, port: int) -> Iterator[MailServer]:
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield MailServer("127.0.0.1", port)
    controller.stop()


@pytest.fixture
def mailer(server: MailServer) -> SmtpMailer:
    return SmtpMailer(server, sender=SENDER)


def message(
    to: str = "parent@example.org", *, subject: str = "There is something to read", number: int = 1
) -> Message:
    return Message(
        to=to,
        subject=subject,
        text="Sign in to read it.",
        html="<p>Sign in to read it.</p>",
        message_id=f"<delivery-{number}@send.example.org>",
    )


def test_a_mail_arrives_with_text_and_html_and_its_constant_id(mailer: SmtpMailer, postbox: Postbox) -> None:
    mailer.send(message())
    mailer.send(message())
    first, second = postbox.mails
    assert first["Message-ID"] == second["Message-ID"] == "<delivery-1@send.example.org>"
    assert first["From"] == SENDER
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"].datetime is not None
    assert first.get_content_type() == "multipart/alternative"
    bodies = [part.get_content().strip() for part in first.iter_parts()]
    assert bodies == ["Sign in to read it.", "<p>Sign in to read it.</p>"]
    assert (postbox.envelopes[0].mail_from, postbox.envelopes[0].rcpt_tos) == (
        "no-reply@send.example.org",
        ["parent@example.org"],
    )


def test_words_from_anywhere_arrive_as_written(mailer: SmtpMailer, postbox: Postbox) -> None:
    mailer.send(message(subject="Zoë’s school – Łódź"))
    assert postbox.mails[0]["Subject"] == "Zoë’s school – Łódź"


def test_an_address_with_a_foreign_domain_is_written_to_as_the_network_knows_it(
    mailer: SmtpMailer, postbox: Postbox
) -> None:
    mailer.send(message(to="parent@bücher.example"))
    assert postbox.envelopes[0].rcpt_tos == ["parent@xn--bcher-kva.example"]


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\0", "\x0b", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("field", ["to", "subject", "message_id"])
def test_a_line_break_in_a_header_is_refused_for_good(
    mailer: SmtpMailer, postbox: Postbox, field: str, break_: str
) -> None:
    plain = message()
    values = {name: getattr(plain, name) for name in Message.__slots__}
    values[field] += f"{break_}Bcc: other@example.org"
    with pytest.raises(MailNotAccepted) as refusal:
        mailer.send(Message(**values))
    assert refusal.value.permanent
    assert postbox.mails == []


@pytest.mark.parametrize(
    "to",
    [
        "a@example.org, b@example.org",
        "",
        "parent",
        "parent@",
        "@example.org",
        "zoë@example.org",
        "a b@example.org",
    ],
)
def test_what_is_not_one_address_is_refused_for_good(mailer: SmtpMailer, postbox: Postbox, to: str) -> None:
    with pytest.raises(MailNotAccepted) as refusal:
        mailer.send(message(to))
    assert refusal.value.permanent
    assert postbox.mails == []


@pytest.mark.parametrize(
    ("to", "subject", "permanent"),
    [
        ("gone@example.org", "Hello", True),
        ("busy@example.org", "Hello", False),
        ("closing@example.org", "Hello", False),
        ("parent@example.org", "spam", True),
    ],
)
def test_a_refusal_says_whether_to_try_again_and_not_to_whom_it_was(
    mailer: SmtpMailer, to: str, subject: str, permanent: bool
) -> None:
    with pytest.raises(MailNotAccepted) as refusal:
        mailer.send(message(to, subject=subject))
    assert refusal.value.permanent is permanent
    assert "example.org" not in str(refusal.value)


def test_no_server_means_try_again(server: MailServer) -> None:
    nobody = SmtpMailer(MailServer("127.0.0.1", 1), sender=SENDER)
    with pytest.raises(MailNotAccepted) as refusal:
        nobody.send(message())
    assert not refusal.value.permanent
    assert list(nobody.send_many([message()])) == ["<delivery-1@send.example.org>"]


def test_many_go_over_one_connection_and_one_refusal_stops_nobody(
    mailer: SmtpMailer, postbox: Postbox
) -> None:
    people = ["a@example.org", "gone@example.org", "no address", "busy@example.org", "b@example.org"]
    refused = mailer.send_many(message(to, number=number) for number, to in enumerate(people))
    assert [mail["To"] for mail in postbox.mails] == ["a@example.org", "b@example.org"]
    assert {key: refusal.permanent for key, refusal in refused.items()} == {
        "<delivery-1@send.example.org>": True,
        "<delivery-2@send.example.org>": True,
        "<delivery-3@send.example.org>": False,
    }
    assert len(postbox.sessions) == 1


def test_when_the_connection_goes_the_rest_is_to_be_tried_again(mailer: SmtpMailer, postbox: Postbox) -> None:
    people = ["a@example.org", "closing@example.org", "b@example.org"]
    refused = mailer.send_many([message(to, number=number) for number, to in enumerate(people)])
    assert [mail["To"] for mail in postbox.mails] == ["a@example.org"]
    assert {key: refusal.permanent for key, refusal in refused.items()} == {
        "<delivery-1@send.example.org>": False,
        "<delivery-2@send.example.org>": False,
    }


@pytest.mark.parametrize(("password", "arrives"), [("right&word", True), ("wrong", False)])
def test_the_password_is_told_over_tls_to_a_server_that_proves_its_name(
    postbox: Postbox, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, arrives: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    controller = Controller(
        postbox,
        hostname="127.0.0.1",
        port=port,
        tls_context=own_certificate(tmp_path),
        require_starttls=True,
        auth_required=True,
        authenticator=_knows_the_word,
    )
    controller.start()
    address = f"smtp://user:{password.replace('&', '%26')}@127.0.0.1:{port}"
    mailer = SmtpMailer(MailServer.from_url(f"{address}?starttls=1"), sender=SENDER)
    try:
        if arrives:
            mailer.send(message())
        else:
            with pytest.raises(MailNotAccepted) as refusal:
                mailer.send(message())
            assert not refusal.value.permanent
            assert str(refusal.value) == "Refused with 535 at the door."
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(MailNotAccepted):
            mailer.send(message())
    finally:
        controller.stop()
    assert len(postbox.mails) == arrives


def test_the_composed_mail_asks_nobody_to_unsubscribe_or_confirm() -> None:
    headers = set(compose(message(), sender=SENDER).keys())
    assert headers == {
        "To",
        "From",
        "Subject",
        "Message-ID",
        "Date",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    }


def _knows_the_word(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
) -> AuthResult:
    return AuthResult(handled=False, success=(given.login, given.password) == (b"user", b"right&word"))


def own_certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
