"""What follows when a family says something of its own accord."""

from sqlalchemy import select

from app.accounts.queries import members_with
from app.kernel.access import Role
from app.notifications.service import tell
from app.voice.events import FamilyViewGiven
from app.voice.models import FamilyView
from infrastructure.database.door import db
from workers.errand import Errand


def tell_sendco_of_view(event: FamilyViewGiven, _: Errand) -> None:
    """Only of what was written at home: what staff wrote down, the school knows."""
    view = db.session.scalar(select(FamilyView).where(FamilyView.id == event.view_id))
    if view is None or view.recorded_by is not None:
        return
    people = [member.person_id for member in members_with(Role.SENDCO)]
    tell(people, "view_given", f"/pupils/{view.pupil_id}/views", audience="school", pupil_id=view.pupil_id)
