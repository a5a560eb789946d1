"""What the clerk can do with meetings and agendas."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm.attributes import set_committed_value

from app.kernel.access import Actor, authorise
from app.kernel.clock import instant, now
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.kernel.ids import new_id
from app.panels import policy
from app.panels.events import MeetingCalled
from app.panels.models import Attendance, ItemStatus, Meeting, PanelItem
from app.panels.queries import items, meetings
from app.settings.queries import current_rules
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    title: str
    held_on: date
    held_time: time
    place: str
    version: int = 1

    @property
    def held_at(self) -> datetime:
        return instant(self.held_on, self.held_time)


@dataclass(frozen=True, slots=True)
class Presence:
    present: list[UUID]


def plan_meeting(actor: Actor, meeting_id: UUID, plan: MeetingPlan) -> Meeting:
    """With the quorum that the locality's rules ask for today. Raises Invalid for a time that has passed."""
    authorise(actor, policy.can_keep_agenda)
    _check_to_come(plan)
    meeting = Meeting(
        id=meeting_id,
        title=plan.title,
        held_at=plan.held_at,
        place=plan.place,
        quorum=current_rules().quorum,
    )
    db.session.add(meeting)
    return meeting


def change_meeting(actor: Actor, meeting: Meeting, plan: MeetingPlan) -> None:
    authorise(actor, policy.can_keep_agenda)
    meeting.check_open()
    _check_to_come(plan)
    set_committed_value(meeting, "version", plan.version)
    meeting.title, meeting.held_at, meeting.place = plan.title, plan.held_at, plan.place


def put_on_agenda(actor: Actor, meeting: Meeting, item: PanelItem) -> None:
    authorise(actor, policy.can_keep_agenda)
    meeting.check_open()
    item.put_on(meeting.id, position=meetings.last_position(meeting.id) + 1)


def take_off_agenda(actor: Actor, meeting: Meeting, item: PanelItem) -> None:
    authorise(actor, policy.can_keep_agenda)
    meeting.check_open()
    item.take_off()


def move_up(actor: Actor, meeting: Meeting, item: PanelItem) -> None:
    """One place nearer to the beginning; the first stays where it is."""
    authorise(actor, policy.can_keep_agenda)
    meeting.check_open()
    order = list(meetings.load_agenda(meeting.id))
    place = order.index(item)
    if place > 0:
        order.insert(place - 1, order.pop(place))
    open_items = [each for each in order if each.status is ItemStatus.ON_AGENDA]
    for position, each in enumerate(open_items, 1):
        each.position = position


def send_pack(actor: Actor, meeting: Meeting) -> None:
    """Members are told that they can read. Raises Conflict while there is nothing to read."""
    authorise(actor, policy.can_keep_agenda)
    if meetings.count_to_decide(meeting.id) == 0:
        raise Conflict("Put at least one request on the agenda before you send the pack.")
    meeting.send_pack()
    record(MeetingCalled(meeting_id=meeting.id))


def record_attendance(actor: Actor, meeting: Meeting, presence: Presence) -> None:
    """Who is at the table. Only people who may vote count."""
    authorise(actor, policy.can_keep_agenda)
    meeting.check_open()
    voters = {person_id for person_id, _ in items.list_voters()}
    if not voters.issuperset(presence.present):
        raise Invalid("present", "Select people who are members of this panel")
    _keep_only(meeting, presence.present, recorded_by=actor.person_id)


def close_meeting(actor: Actor, meeting: Meeting) -> None:
    """Everything that was not decided waits for the next one."""
    authorise(actor, policy.can_keep_agenda)
    meeting.check_open()
    for item in meetings.load_agenda(meeting.id):
        if item.status is ItemStatus.ON_AGENDA:
            item.defer()
    meeting.close()


def _check_to_come(plan: MeetingPlan) -> None:
    if plan.held_at <= now():
        raise Invalid("held_on", "The date and time of the meeting must be in the future")


def _keep_only(meeting: Meeting, present: Collection[UUID], *, recorded_by: UUID) -> None:
    held = {row.person_id: row for row in meetings.load_attendance(meeting.id)}
    for person_id, row in held.items():
        if person_id not in present:
            db.session.delete(row)
    for person_id in dict.fromkeys(present):
        if person_id not in held:
            db.session.add(
                Attendance(id=new_id(), meeting_id=meeting.id, person_id=person_id, recorded_by=recorded_by)
            )
