"""What can be done with messages."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from app.kernel.access import Actor, Audience, authorise
from app.kernel.clock import now
from app.kernel.events import record
from app.kernel.ids import new_id
from app.notifications import policy
from app.notifications.events import NotificationWritten
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from infrastructure.database.door import db


def tell(
    person_ids: Iterable[UUID],
    kind: str,
    path: str,
    *,
    audience: str,
    pupil_id: UUID | None = None,
    due_on: date | None = None,
    share_id: UUID | None = None,
) -> None:
    """Put a message into each person's inbox. Each mail is a delivery of its own: one bad address stops no other.

    For handlers of events, which run in one transaction with their delivery: an errand that is tried again starts
    from nothing, so nobody is told twice. `pupil_id` is who it is about: a family must name one, because the mail goes
    only to somebody who may still see that child. With `share_id` mails stop when that share is revoked.
    """
    if kind not in KINDS:
        raise ValueError(f"No message is called {kind}")
    if audience == Audience.FAMILY and pupil_id is None:
        raise ValueError("A message to a family is about one child")
    for person_id in dict.fromkeys(person_ids):
        written = Notification(
            id=new_id(),
            person_id=person_id,
            audience=audience,
            kind=kind,
            path=path,
            pupil_id=pupil_id,
            due_on=due_on,
        )
        db.session.add(written)
        record(NotificationWritten(notification_id=written.id), share_id=share_id)


def read(actor: Actor, notification: Notification) -> None:
    authorise(actor, policy.can_read, notification)
    notification.read(at=now())
