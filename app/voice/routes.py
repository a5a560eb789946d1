"""Pages for what children and families say."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import today
from app.pupils import queries as pupils
from app.voice import policy, queries, service
from app.voice.schemas import ChildWordsSchema, FamilyWordsSchema
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

voice = Blueprint("voice", __name__, url_prefix="/pupils/<uuid:pupil_id>", template_folder="templates")


@voice.get("/views")
@requires(*policy.READERS)
def list_views(pupil_id: UUID) -> ResponseReturnValue:
    note_read("views", pupil_id=pupil_id)
    return render_template(
        "voice/list.html",
        pupil=pupils.get_pupil(pupil_id),
        views=queries.list_views(pupil_id),
        can_write=policy.can_write_down(current_actor()),
    )


@voice.get("/views/new")
@requires(*policy.WRITERS)
def new_pupil_view(pupil_id: UUID) -> ResponseReturnValue:
    known = {"said_on": today(), "written_down_by": current_actor().name}
    return _page("voice/child.html", pupil_id, Form(ChildWordsSchema(), initial=known))


@voice.post("/views")
@requires(*policy.WRITERS)
def create_pupil_view(pupil_id: UUID) -> ResponseReturnValue:
    pupil = pupils.load_pupil(pupil_id)
    form = Form(ChildWordsSchema(), request.form)
    if form.submit(partial(service.record_pupil_view, current_actor(), pupil)):
        flash("The child’s words have been saved.")
        return redirect(url_for("voice.list_views", pupil_id=pupil_id), code=303)
    return _page("voice/child.html", pupil_id, form), 422


@voice.get("/family-views/new")
@requires(*policy.WRITERS)
def new_family_view(pupil_id: UUID) -> ResponseReturnValue:
    return _page("voice/family.html", pupil_id, Form(FamilyWordsSchema()))


@voice.post("/family-views")
@requires(*policy.WRITERS)
def create_family_view(pupil_id: UUID) -> ResponseReturnValue:
    pupil = pupils.load_pupil(pupil_id)
    form = Form(FamilyWordsSchema(), request.form)
    if form.submit(partial(service.record_family_view, current_actor(), pupil.id)):
        flash("The family’s words have been saved.")
        return redirect(url_for("voice.list_views", pupil_id=pupil_id), code=303)
    return _page("voice/family.html", pupil_id, form), 422


def _page(template: str, pupil_id: UUID, form: Form) -> str:
    methods = [
        {"value": code, "text": how[0].upper() + how[1:]} for code, how in queries.CHILD_METHODS.items()
    ]
    return render_template(template, pupil=pupils.get_pupil(pupil_id), form=form, methods=methods)
