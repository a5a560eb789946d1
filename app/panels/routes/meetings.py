"""Pages of meetings and their agendas."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.access import Role
from app.kernel.ids import new_id
from app.panels import policy
from app.panels.queries import items, meetings
from app.panels.schemas import MeetingSchema, PresenceSchema
from app.panels.service import meetings as service
from app.web.access import current_actor, requires
from app.web.forms import Form

panels = Blueprint("panels", __name__, url_prefix="/meetings", template_folder="../templates")


@panels.get("")
@requires(*policy.PANEL)
def list_meetings() -> ResponseReturnValue:
    keeps = policy.can_keep_agenda(current_actor())
    return render_template("panels/meetings.html", meetings=meetings.list_meetings(), keeps=keeps)


@panels.get("/new")
@requires(Role.CLERK)
def new_meeting() -> ResponseReturnValue:
    return render_template("panels/meeting_new.html", form=Form(MeetingSchema()))


@panels.post("")
@requires(Role.CLERK)
def create_meeting() -> ResponseReturnValue:
    form, meeting_id = Form(MeetingSchema(), request.form), new_id()
    if form.submit(partial(service.plan_meeting, current_actor(), meeting_id)):
        flash("The meeting is planned. Now put requests on its agenda.")
        return redirect(url_for("panels.show_meeting", meeting_id=meeting_id), code=303)
    return render_template("panels/meeting_new.html", form=form), 422


@panels.get("/<uuid:meeting_id>")
@requires(*policy.PANEL)
def show_meeting(meeting_id: UUID) -> ResponseReturnValue:
    keeps = policy.can_keep_agenda(current_actor())
    meeting = meetings.get_meeting(meeting_id, for_clerk=keeps)
    votes = policy.can_vote(current_actor())
    is_held = clock.london(meeting.held_at).date() <= clock.today()
    return render_template(
        "panels/meeting.html", meeting=meeting, keeps=keeps, votes=votes, may_close=is_held
    )


@panels.get("/<uuid:meeting_id>/edit")
@requires(Role.CLERK)
def edit_meeting(meeting_id: UUID) -> ResponseReturnValue:
    meeting = meetings.load_meeting(meeting_id)
    held = clock.london(meeting.held_at)
    known = {"held_on": held.date(), "held_time": f"{held:%H:%M}", "place": meeting.place}
    form = Form(MeetingSchema(), initial={"title": meeting.title, "version": meeting.version, **known})
    return render_template("panels/meeting_edit.html", meeting=meeting, form=form, theirs=None)


@panels.post("/<uuid:meeting_id>")
@requires(Role.CLERK)
def update_meeting(meeting_id: UUID) -> ResponseReturnValue:
    meeting = meetings.load_meeting(meeting_id)
    form = Form(MeetingSchema(), request.form)
    if form.submit(partial(service.change_meeting, current_actor(), meeting)):
        flash("The meeting has been changed. Send the pack again if members must know.")
        return redirect(url_for("panels.show_meeting", meeting_id=meeting_id), code=303)
    theirs = meetings.load_meeting(meeting_id)
    if form.stale:
        form.values["version"] = theirs.version
    page = render_template(
        "panels/meeting_edit.html", meeting=theirs, form=form, theirs=theirs if form.stale else None
    )
    return page, 409 if form.stale else 422


@panels.post("/<uuid:meeting_id>/agenda/<uuid:item_id>")
@requires(Role.CLERK)
def create_agenda_item(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    meeting, item = meetings.load_meeting(meeting_id), items.load_item(item_id)
    service.put_on_agenda(current_actor(), meeting, item)
    flash(f"{item.reference} is on the agenda.")
    return redirect(url_for("panels.show_meeting", meeting_id=meeting_id), code=303)


@panels.post("/<uuid:meeting_id>/agenda/<uuid:item_id>/removal")
@requires(Role.CLERK)
def remove_agenda_item(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    meeting, item = meetings.load_meeting(meeting_id), items.load_item(item_id, on=meeting_id)
    service.take_off_agenda(current_actor(), meeting, item)
    flash(f"{item.reference} is off the agenda and waits for another meeting.")
    return redirect(url_for("panels.show_meeting", meeting_id=meeting_id), code=303)


@panels.post("/<uuid:meeting_id>/agenda/<uuid:item_id>/place-up")
@requires(Role.CLERK)
def update_agenda_place(meeting_id: UUID, item_id: UUID) -> ResponseReturnValue:
    meeting, item = meetings.load_meeting(meeting_id), items.load_item(item_id, on=meeting_id)
    service.move_up(current_actor(), meeting, item)
    return redirect(url_for("panels.show_meeting", meeting_id=meeting_id), code=303)


@panels.post("/<uuid:meeting_id>/pack")
@requires(Role.CLERK)
def create_pack(meeting_id: UUID) -> ResponseReturnValue:
    meeting = meetings.load_meeting(meeting_id)
    service.send_pack(current_actor(), meeting)
    flash("Members are being told that the pack is ready to read.")
    return redirect(url_for("panels.show_meeting", meeting_id=meeting_id), code=303)


@panels.get("/<uuid:meeting_id>/attendance")
@requires(Role.CLERK)
def edit_attendance(meeting_id: UUID) -> ResponseReturnValue:
    meeting = meetings.get_meeting(meeting_id, for_clerk=False)
    here = [member.id for member in meeting.present]
    return _attendance(meeting, Form(PresenceSchema(), initial={"present": here}))


@panels.post("/<uuid:meeting_id>/attendance")
@requires(Role.CLERK)
def update_attendance(meeting_id: UUID) -> ResponseReturnValue:
    meeting = meetings.load_meeting(meeting_id)
    form = Form(PresenceSchema(), request.form)
    if form.submit(partial(service.record_attendance, current_actor(), meeting)):
        flash("We have counted who is here.")
        return redirect(url_for("panels.show_meeting", meeting_id=meeting_id), code=303)
    return _attendance(meetings.get_meeting(meeting_id, for_clerk=False), form), 422


@panels.get("/<uuid:meeting_id>/closure/new")
@requires(Role.CLERK)
def new_closure(meeting_id: UUID) -> ResponseReturnValue:
    return render_template("panels/closure.html", meeting=meetings.get_meeting(meeting_id, for_clerk=False))


@panels.post("/<uuid:meeting_id>/closure")
@requires(Role.CLERK)
def create_closure(meeting_id: UUID) -> ResponseReturnValue:
    service.close_meeting(current_actor(), meetings.load_meeting(meeting_id))
    flash("The meeting is closed. Requests without a decision wait for the next one.")
    return redirect(url_for("panels.show_meeting", meeting_id=meeting_id), code=303)


def _attendance(meeting: meetings.MeetingRead, form: Form) -> str:
    choices = [{"value": member.id, "text": member.name} for member in meeting.members]
    return render_template("panels/attendance.html", meeting=meeting, choices=choices, form=form)
