"""What follows from a restricted note."""

from app.accounts import queries as accounts
from app.kernel.access import Role
from app.notifications import service as notifications
from app.safeguarding.events import SafeguardingNoteWritten
from workers.errand import Errand


def tell_safeguarding_lead(_: SafeguardingNoteWritten, __: Errand) -> None:
    """That there is a note, never about whom: the lead's home page leads to it."""
    leads = [member.person_id for member in accounts.members_with(Role.DSL)]
    notifications.tell(leads, "safeguarding_note", "/safeguarding-notes", audience="school")
