"""The page on which a school sees and changes what it keeps about itself."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.settings import colours, policy, queries
from app.settings.policy import KEEPS_SCHOOL, READS_SCHOOL
from app.settings.schemas import SchoolSchema
from app.settings.service import school as service
from app.web.access import current_actor, requires
from app.web.forms import Form

settings = Blueprint("settings", __name__, url_prefix="/school", template_folder="../templates")

COLOURS = [{"value": code, "text": name} for code, name in colours.PALETTE.items()]


@settings.get("")
@requires(*READS_SCHOOL)
def show_school() -> ResponseReturnValue:
    school = queries.get_school()
    may_change = policy.can_keep_school(current_actor())
    return render_template(
        "settings/school.html", school=school, colour=colours.name_of(school.colour), may_change=may_change
    )


@settings.get("/edit")
@requires(*KEEPS_SCHOOL)
def edit_school() -> ResponseReturnValue:
    school = queries.get_school()
    own = school.colour not in colours.PALETTE
    form = Form(
        SchoolSchema(),
        initial={
            "name": school.name,
            "colour": colours.OTHER if own else school.colour,
            "colour_code": school.colour if own else "",
        },
    )
    return render_template("settings/school_edit.html", form=form, colours=COLOURS)


@settings.post("")
@requires(*KEEPS_SCHOOL)
def update_school() -> ResponseReturnValue:
    form = Form(SchoolSchema(), request.form)
    if form.submit(partial(service.change_school, current_actor(), queries.load_school())):
        flash("Your school’s details are saved.")
        return redirect(url_for("settings.show_school"), code=303)
    return render_template("settings/school_edit.html", form=form, colours=COLOURS), 422
