"""Mails about accounts: codes, invitations, resets. Each says which address its link belongs to and names no child."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import current_app
from markupsafe import Markup, escape
from sqlalchemy import Row, column, select, table

from app.accounts import links
from app.accounts.events import (
    CodeAsked,
    PasswordChanged,
    PasswordResetAsked,
    PersonInvited,
    RecoveryCodeUsed,
    SecondFactorReset,
)
from app.accounts.models import Invitation, Membership, Person, Standing
from app.kernel import seals
from app.kernel.clock import london, now
from infrastructure.database.door import db
from infrastructure.mail import MailNotAccepted, Message
from tenants import registry
from workers.errand import Errand, GiveUp

IGNORE = "If you did not ask for this, you do not need to do anything."
NOT_YOU = "If this was not you, tell your admin at once and choose a new password."
_code = table("email_code", *map(column, ("id", "purpose", "person_id", "link_id", "expires_at", "used_at")))
_link = table("link", *map(column, ("id", "mailbox", "closed_at")))
_reset = table("password_reset", *map(column, ("id", "person_id", "expires_at", "used_at")))


def send_code(event: CodeAsked, errand: Errand) -> None:
    """The code is made again from its id. One that has run out meanwhile is not sent."""
    asked = _row(_code, event.code_id)
    if asked is None or asked.used_at is not None or asked.expires_at <= now():
        return
    to, host = _mailbox_of(asked)
    if to is None:
        return
    # Asked for again it is the same code, with less time left.
    code, until = seals.code(asked.purpose, asked.id), london(asked.expires_at)
    _send(
        errand,
        to,
        "Your code for SEND Support",
        [
            f"Your code is {code}.",
            f"Enter it on the page where you asked for it, at {host}. It works until {until:%H:%M}, once.",
            "Never tell anybody this code. We will not ask you for it.",
            IGNORE,
        ],
    )


def send_invitation(event: PersonInvited, errand: Errand) -> None:
    """Nothing for one that was cancelled or answered meanwhile."""
    found = db.session.execute(
        select(Invitation.id, Invitation.expires_at, Person.email, Person.name)
        .join(Person, Person.id == Invitation.person_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Invitation.id == event.invitation_id,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
            Membership.status == Standing.INVITED,
        )
    ).first()
    if found is None or found.expires_at <= now():
        return
    name, address = _organisation(errand)
    _send(
        errand,
        found.email,
        f"You are invited to {name}",
        [
            f"Dear {found.name},",
            f"{name} invites you to work with it on SEND Support.",
            "Open this link to accept. You will choose a password and set up your phone.",
            f"{address}{links.path(links.INVITATION, found.id, at=errand.tenant_id)}",
            "The link works for 7 days. If you do not know why you got this mail, you do not need to do anything.",
        ],
    )


def send_password_reset(event: PasswordResetAsked, errand: Errand) -> None:
    asked = _row(_reset, event.reset_id)
    if asked is None or asked.used_at is not None or asked.expires_at <= now():
        return
    name, address = _organisation(errand)
    _tell(
        asked.person_id,
        errand,
        f"Choose a new password for {name}",
        [
            "Open this link to choose a new password.",
            f"{address}{links.path(links.RESET, asked.id)}",
            "The link works for 30 minutes, once.",
            IGNORE,
        ],
    )


def tell_password_changed(event: PasswordChanged, errand: Errand) -> None:
    said = "Your password was changed, and you were signed out everywhere."
    _tell(event.person_id, errand, "Your password was changed", [said, _where(errand), NOT_YOU])


def tell_recovery_code_used(event: RecoveryCodeUsed, errand: Errand) -> None:
    said = "Somebody signed in with your password and one of your recovery codes."
    _tell(event.person_id, errand, "A recovery code was used", [said, _where(errand), NOT_YOU])


def tell_second_factor_reset(event: SecondFactorReset, errand: Errand) -> None:
    said = "Your admin reset the phone that you sign in with. When you next sign in, you set up a new one."
    ask = "If you did not ask for this, tell your admin at once and choose a new password."
    _tell(event.person_id, errand, "Your phone was reset", [said, _where(errand), ask])


def _row(rows: Any, key: UUID) -> Row[Any] | None:
    return db.session.execute(select(rows).where(rows.c.id == key)).first()


def _mailbox_of(asked: Row[Any]) -> tuple[str | None, str]:
    """A family's own address, or the mailbox that the school registered with the agency's link."""
    domain = current_app.config["DOMAIN"]
    if asked.purpose == "agency":
        still_open = select(_link.c.mailbox).where(_link.c.id == asked.link_id, _link.c.closed_at.is_(None))
        return db.session.scalar(still_open), f"agency.{domain}"
    return _email_of(asked.person_id), f"family.{domain}"


def _tell(person_id: UUID, errand: Errand, subject: str, paragraphs: Sequence[str]) -> None:
    to = _email_of(person_id)
    if to is not None:
        _send(errand, to, subject, paragraphs)


def _email_of(person_id: UUID) -> str | None:
    return db.session.scalar(select(Person.email).where(Person.id == person_id))


def _organisation(errand: Errand) -> tuple[str, str]:
    """Its name, and the address at which its people sign in."""
    found = registry.get_listing(errand.tenant_id)
    assert found is not None
    return found.name, f"{current_app.config['SCHEME']}://{found.slug}.{current_app.config['DOMAIN']}"


def _where(errand: Errand) -> str:
    name, address = _organisation(errand)
    return f"This was at {name}, {address}"


def _send(errand: Errand, to: str, subject: str, paragraphs: Sequence[str]) -> None:
    domain = current_app.config["DOMAIN"].split(":")[0]
    message = Message(
        to=to,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        html=_html(subject, paragraphs),
        message_id=f"<{errand.delivery_id}@{domain}>",
    )
    try:
        current_app.config["ADAPTERS"].mailer.send(message)
    except MailNotAccepted as refused:
        if refused.permanent:
            raise GiveUp from refused
        raise


def _html(subject: str, paragraphs: Sequence[str]) -> str:
    body = Markup().join(Markup("<p>{}</p>").format(_linked(words)) for words in paragraphs)
    page = Markup(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{}</title></head><body>{}</body></html>'
    )
    return page.format(subject, body)


def _linked(words: str) -> Markup:
    is_link = words.startswith(("https://", "http://")) and " " not in words
    return Markup('<a href="{0}">{0}</a>').format(words) if is_link else escape(words)
