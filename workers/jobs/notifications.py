"""What follows from a message in an inbox: a mail that says so."""

from flask import current_app

from app.kernel.access import Audience
from app.kernel.clock import now
from app.notifications import queries
from app.notifications.events import NotificationWritten
from app.notifications.letters import Letter
from app.notifications.queries import Envelope
from infrastructure.mail import MailNotAccepted
from workers.errand import Errand, GiveUp


def mail_notification(event: NotificationWritten, errand: Errand) -> None:
    """To whoever may still know it at this moment: somebody whose access has ended hears nothing more."""
    envelope = queries.find_envelope(event.notification_id)
    if envelope is None:
        return
    domain = current_app.config["DOMAIN"].partition(":")[0]
    message = _letter(envelope).to(envelope.email, message_id=f"<{errand.delivery_id}@{domain}>")
    try:
        current_app.config["ADAPTERS"].mailer.send(message)
    except MailNotAccepted as refusal:
        if refusal.permanent:
            raise GiveUp from None
        raise
    envelope.notification.mailed_at = now()


def _letter(envelope: Envelope) -> Letter:
    notification = envelope.notification
    words = notification.words
    host = "family" if notification.audience == Audience.FAMILY else envelope.slug
    scheme, domain = current_app.config["SCHEME"], current_app.config["DOMAIN"]
    return Letter(
        subject=words.subject,
        paragraphs=(words.what, f"{words.what_to_do} {words.deadline(notification.due_on)}"),
        sender=envelope.tenant_name,
        link_text="Sign in to read more",
        link=f"{scheme}://{host}.{domain}{notification.path}",
    )
