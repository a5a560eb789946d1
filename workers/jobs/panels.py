"""What follows when a school has sent a request to the locality, and when a meeting is called."""

from app.accounts.queries import members_with
from app.kernel.access import Role
from app.lss.events import LssRequestSubmitted
from app.notifications import service as notifications
from app.panels.events import MeetingCalled, PanelItemOpened
from app.panels.policy import PANEL
from app.panels.queries.people import free_of_conflict
from app.panels.service import arrivals
from workers.errand import Errand


def open_panel_item(event: LssRequestSubmitted, _: Errand) -> None:
    arrivals.open_item(event.share_id)


def tell_panel_of_request(event: PanelItemOpened, _: Errand) -> None:
    """Whoever has a conflict of interest does not hear of it."""
    people = free_of_conflict(event.item_id, [member.person_id for member in members_with(*PANEL)])
    notifications.tell(people, "lss_submitted", f"/items/{event.item_id}", audience="locality")


def tell_members_of_meeting(event: MeetingCalled, _: Errand) -> None:
    members = members_with(Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER)
    people = [member.person_id for member in members]
    notifications.tell(people, "meeting_called", f"/meetings/{event.meeting_id}", audience="locality")
