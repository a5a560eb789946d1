"""What follows when an adult is let into the family portal, or their access changes."""

from sqlalchemy import select

from app.accounts import queries as accounts
from app.kernel.access import Role
from app.notifications import service as notifications
from app.pupils.events import AccessChanged, GuardianInvited
from app.pupils.models import Access, Guardianship
from infrastructure.database.door import db
from workers.errand import Errand


def tell_guardian_of_access(event: GuardianInvited, _: Errand) -> None:
    """Where to go, once. Whoever was stopped in the meantime hears nothing."""
    link = db.session.scalar(select(Guardianship).where(Guardianship.id == event.guardianship_id))
    if link is not None and link.status is Access.ACTIVE:
        notifications.tell(
            [link.person_id], "access_confirmed", "/", audience="family", pupil_id=link.pupil_id
        )


def tell_leads_of_access_change(event: AccessChanged, _: Errand) -> None:
    """The headteacher and the safeguarding lead, both, and nobody else: least of all whom it is about."""
    leads = [member.person_id for member in accounts.members_with(Role.HEADTEACHER, Role.DSL)]
    path = f"/pupils/{event.pupil_id}/guardians"
    notifications.tell(leads, "access_changed", path, audience="school", pupil_id=event.pupil_id)
