"""Pages for restricted notes."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Role
from app.pupils import queries as pupils
from app.safeguarding import queries, service
from app.safeguarding.schemas import NoteSchema
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

safeguarding = Blueprint("safeguarding", __name__, template_folder="templates")

WORKS_WITH_CHILDREN = (
    Role.SENDCO,
    Role.HEADTEACHER,
    Role.DSL,
    Role.CLASS_TEACHER,
    Role.TEACHING_ASSISTANT,
)


@safeguarding.get("/safeguarding-notes")
@requires(Role.DSL)
def list_recent() -> ResponseReturnValue:
    """Who has notes, newest first, without a word of what they say."""
    return render_template("safeguarding/recent.html", notes=queries.list_recent())


@safeguarding.get("/pupils/<uuid:pupil_id>/safeguarding-notes")
@requires(Role.DSL)
def list_notes(pupil_id: UUID) -> ResponseReturnValue:
    pupil = pupils.get_pupil(pupil_id)
    note_read("safeguarding notes", pupil_id=pupil_id, safeguarding=True)
    return render_template("safeguarding/notes.html", pupil=pupil, notes=queries.list_notes(pupil_id))


@safeguarding.get("/pupils/<uuid:pupil_id>/safeguarding-notes/new")
@requires(*WORKS_WITH_CHILDREN)
def new_note(pupil_id: UUID) -> ResponseReturnValue:
    return render_template("safeguarding/new.html", pupil=pupils.get_pupil(pupil_id), form=Form(NoteSchema()))


@safeguarding.post("/pupils/<uuid:pupil_id>/safeguarding-notes")
@requires(*WORKS_WITH_CHILDREN)
def create_note(pupil_id: UUID) -> ResponseReturnValue:
    pupil = pupils.load_pupil(pupil_id)
    form = Form(NoteSchema(), request.form)
    if form.submit(partial(service.write_note, current_actor(), pupil)):
        if current_actor().has(Role.DSL):
            flash("The note is saved.")
            return redirect(url_for("safeguarding.list_notes", pupil_id=pupil_id), code=303)
        flash("The safeguarding lead has been told. You will not see the note again.")
        return redirect(url_for("pupils.show_pupil", pupil_id=pupil_id), code=303)
    return render_template("safeguarding/new.html", pupil=pupils.get_pupil(pupil_id), form=form), 422
