"""Pages of the register and of one pupil."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.pupils import queries
from app.web.access import requires
from app.web.reads import note_read

pupils = Blueprint("pupils", __name__, url_prefix="/pupils", template_folder="../templates")


@pupils.get("/<uuid:pupil_id>")
@requires()
def show_pupil(pupil_id: UUID) -> ResponseReturnValue:
    note_read("pupil page", pupil_id=pupil_id)
    return render_template("pupils/pupil.html", pupil=queries.get_pupil(pupil_id))
