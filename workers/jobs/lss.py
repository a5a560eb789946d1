"""Errands of LSS requests: follow what the family says, take in the panel's decision, tell those who wait for it."""

from sqlalchemy import select

from app.accounts.queries import members_with
from app.casework import service as casework
from app.kernel.access import Role
from app.kernel.events import record
from app.lss import queries
from app.lss.events import LssRequestDecided
from app.lss.models import LssRequest, Status
from app.notifications.service import tell
from app.panels.events import DecisionIssued
from app.pupils.queries import guardians_of
from app.sharing import queries as sharing
from app.sharing.events import ConsentAnswered, ConsentWithdrawn, ShareStopped
from infrastructure.database.door import db
from workers.errand import Errand

# A panel that wants to know more asks; the question comes in the form of a decision.
ANSWERS = {"decision", "question"}


def follow_family_of_request(event: ConsentAnswered | ConsentWithdrawn, _: Errand) -> None:
    """Elsewhere than at home there is none."""
    casework.follow_family(queries.find_request_of_ask(event.ask_id))


def end_request_of_share(event: ShareStopped, _: Errand) -> None:
    """The school has stopped sharing from the page about sharing: the request is with nobody any more."""
    casework.follow_share(queries.find_request_of_share(event.share_id))


def take_in_decision(event: DecisionIssued, _: Errand) -> None:
    """The newest decision on the share is the one that stands."""
    request = queries.find_request_of_share(event.share_id)
    issued = [reply for reply in sharing.list_replies(event.share_id) if reply.kind in ANSWERS]
    if request is None or not issued or request.status is Status.WITHDRAWN:
        return
    newest = issued[-1]
    if request.decided_at == newest.issued_at:
        return
    request.take_decision(dict(newest.content), at=newest.issued_at)
    record(LssRequestDecided(request_id=request.id))


def tell_of_decision(event: LssRequestDecided, _: Errand) -> None:
    """SENDCO, head and every adult with an active link: in the same minute, none before the others."""
    request = db.session.scalar(select(LssRequest).where(LssRequest.id == event.request_id))
    if request is None or request.decision is None:
        return
    kind = "lss_question" if request.status is Status.MORE_INFORMATION else "lss_decided"
    staff = [member.person_id for member in members_with(Role.SENDCO, Role.HEADTEACHER)]
    tell(staff, kind, f"/lss/requests/{request.id}", audience="school", pupil_id=request.pupil_id)
    for guardian in guardians_of(request.pupil_id):
        path = f"/children/{guardian.link_id}"
        tell([guardian.person_id], "lss_decided", path, audience="family", pupil_id=request.pupil_id)
