"""Finding messages. PostgreSQL shows nobody a message of somebody else."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, case, column, exists, func, select, table

from app.kernel.access import Audience
from app.kernel.errors import NotFound
from app.kernel.paging import PER_PAGE, Page
from app.notifications.kinds import KINDS, Kind
from app.notifications.models import Notification
from infrastructure.database.door import db
from tenants.registry import Tenant

_person = table("person", column("id"), column("email"))
_membership = table("membership", column("tenant_id"), column("person_id"), column("status"))
_link = table(
    "guardianship",
    column("tenant_id"),
    column("id"),
    column("person_id"),
    column("pupil_id"),
    column("status"),
)
_delivery = table("delivery", column("id"), column("handler"), column("state"), column("created_at"))


@dataclass(frozen=True, slots=True)
class Line:
    """A message on a list."""

    id: UUID
    kind: str
    created_at: datetime
    due_on: date | None
    read_at: datetime | None

    @property
    def words(self) -> Kind:
        return KINDS[self.kind]

    @property
    def deadline(self) -> str:
        return self.words.deadline(self.due_on)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where a mail about a message goes, and for whom it speaks."""

    notification: Notification
    email: str
    slug: str
    tenant_name: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Something that was tried until the last try."""

    handler: str
    created_at: datetime

    @property
    def words(self) -> str:
        """Jobs say what they do, so their names can be read."""
        return NOT_SENT.get(self.handler, self.handler.replace("_", " ").capitalize())


NOT_SENT = {
    "mail_notification": "An email about a new message",
    "send_invitation": "An invitation by email",
    "send_code": "A sign-in code by email",
    "send_password_reset": "A link to choose a new password, by email",
}


def load_notification(notification_id: UUID) -> Notification:
    """Raises NotFound, also for a message to somebody else."""
    found = db.session.scalar(select(Notification).where(Notification.id == notification_id))
    if found is None:
        raise NotFound
    return found


def list_messages(
    person_id: UUID, audience: str, number: int = 1, *, child_id: UUID | None = None
) -> Page[Line]:
    """Mine, newest first, in one statement; a page that does not exist is the first one."""
    found = _page(person_id, audience, number, child_id)
    return found if found.items or number == 1 else _page(person_id, audience, 1, child_id)


def count_unread(person_id: UUID, audience: str) -> int:
    n = Notification
    statement = select(func.count()).where(
        n.person_id == person_id, n.audience == audience, n.read_at.is_(None)
    )
    return db.session.scalar(statement) or 0


def list_not_sent(most: int = 50) -> list[NotSent]:
    """What this organisation should know did not go out, newest first."""
    rows = db.session.execute(
        select(_delivery.c.handler, _delivery.c.created_at)
        .where(_delivery.c.state == "dead")
        .order_by(_delivery.c.created_at.desc(), _delivery.c.id)
        .limit(most)
    )
    return [NotSent(*row) for row in rows]


def find_envelope(notification_id: UUID) -> Envelope | None:
    """For the job that mails: None when the person may no longer know, or there is nothing to mail."""
    n = Notification
    still_works_here = exists().where(
        _membership.c.tenant_id == n.tenant_id,
        _membership.c.person_id == n.person_id,
        _membership.c.status == "active",
    )
    still_sees_the_child = exists().where(
        _link.c.tenant_id == n.tenant_id,
        _link.c.person_id == n.person_id,
        _link.c.pupil_id == n.pupil_id,
        _link.c.status == "active",
    )
    row = db.session.execute(
        select(n, _person.c.email, Tenant.slug, Tenant.name)
        .join(_person, _person.c.id == n.person_id)
        .join(Tenant, and_(Tenant.id == n.tenant_id, Tenant.status == "active"))
        .where(
            n.id == notification_id,
            n.mailed_at.is_(None),
            case((n.audience == Audience.FAMILY.value, still_sees_the_child), else_=still_works_here),
        )
    ).first()
    return Envelope(*row) if row else None


def _page(person_id: UUID, audience: str, number: int, child_id: UUID | None) -> Page[Line]:
    n = Notification
    wanted = [n.person_id == person_id, n.audience == audience]
    if child_id is not None:
        wanted.append(n.pupil_id == select(_link.c.pupil_id).where(_link.c.id == child_id).scalar_subquery())
    total = select(func.count()).select_from(n).where(*wanted).scalar_subquery()
    rows = db.session.execute(
        select(n.id, n.kind, n.created_at, n.due_on, n.read_at, total)
        .where(*wanted)
        .order_by(n.created_at.desc(), n.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return Page([Line(*row[:-1]) for row in rows], number, rows[0][-1] if rows else 0)
