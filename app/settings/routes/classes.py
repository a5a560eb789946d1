"""Pages on which a school keeps its classes and who works in them."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import queries as accounts
from app.settings import policy, queries
from app.settings.policy import KEEPS_SCHOOL, READS_SCHOOL
from app.settings.schemas import YEARS, ClassChangeSchema, NewClassSchema, WorkerSchema
from app.settings.service import classes as service
from app.web.access import current_actor, requires
from app.web.forms import Form

classes = Blueprint("classes", __name__, url_prefix="/classes", template_folder="../templates")

YEAR_CHOICES = [
    {"value": "", "text": "No single year group"},
    *({"value": value, "text": name} for value, name in YEARS.items()),
]


@classes.get("")
@requires(*READS_SCHOOL)
def list_classes() -> ResponseReturnValue:
    may_change = policy.can_keep_school(current_actor())
    return render_template(
        "settings/classes.html", classes=queries.list_classes(), years=YEARS, may_change=may_change
    )


@classes.get("/new")
@requires(*KEEPS_SCHOOL)
def new_class() -> ResponseReturnValue:
    return render_template("settings/class_new.html", form=Form(NewClassSchema()), years=YEAR_CHOICES)


@classes.post("")
@requires(*KEEPS_SCHOOL)
def create_class() -> ResponseReturnValue:
    form = Form(NewClassSchema(), request.form)
    if form.submit(partial(service.add_class, current_actor())):
        flash("The class is added. Say who works in it next.")
        return redirect(url_for("classes.list_classes"), code=303)
    return render_template("settings/class_new.html", form=form, years=YEAR_CHOICES), 422


@classes.get("/<uuid:class_id>")
@requires(*KEEPS_SCHOOL)
def edit_class(class_id: UUID) -> ResponseReturnValue:
    held = queries.get_class(class_id)
    initial = {"name": held.name, "year_group": held.year_group, "version": held.version}
    form = Form(ClassChangeSchema(), initial=initial)
    return render_template("settings/class_edit.html", held=held, form=form, years=YEAR_CHOICES)


@classes.post("/<uuid:class_id>")
@requires(*KEEPS_SCHOOL)
def update_class(class_id: UUID) -> ResponseReturnValue:
    school_class = queries.load_class(class_id)
    form = Form(ClassChangeSchema(), request.form)
    if form.submit(partial(service.change_class, current_actor(), school_class)):
        flash("The class is saved.")
        return redirect(url_for("classes.list_classes"), code=303)
    held = queries.get_class(class_id)
    if form.stale:
        form.values["version"] = held.version
    status = 409 if form.stale else 422
    return render_template("settings/class_edit.html", held=held, form=form, years=YEAR_CHOICES), status


@classes.get("/<uuid:class_id>/ending")
@requires(*KEEPS_SCHOOL)
def new_ending(class_id: UUID) -> ResponseReturnValue:
    return render_template("settings/class_ending.html", held=queries.get_class(class_id))


@classes.post("/<uuid:class_id>/ending")
@requires(*KEEPS_SCHOOL)
def create_ending(class_id: UUID) -> ResponseReturnValue:
    service.end_class(current_actor(), queries.load_class(class_id))
    flash("The class has ended. Its name is free for a new class.")
    return redirect(url_for("classes.list_classes"), code=303)


@classes.get("/<uuid:class_id>/staff")
@requires(*KEEPS_SCHOOL)
def list_class_staff(class_id: UUID) -> ResponseReturnValue:
    return _staff_page(class_id, Form(WorkerSchema()))


@classes.post("/<uuid:class_id>/staff")
@requires(*KEEPS_SCHOOL)
def create_class_staff(class_id: UUID) -> ResponseReturnValue:
    form = Form(WorkerSchema(), request.form)
    if form.submit(partial(service.add_worker, current_actor(), queries.load_class(class_id))):
        flash("They see the pupils of this class from now on.")
        return redirect(url_for("classes.list_class_staff", class_id=class_id), code=303)
    return _staff_page(class_id, form), 422


@classes.post("/<uuid:class_id>/staff/<uuid:line_id>/removal")
@requires(*KEEPS_SCHOOL)
def create_staff_removal(class_id: UUID, line_id: UUID) -> ResponseReturnValue:
    service.remove_worker(current_actor(), queries.load_class_staff(line_id, class_id))
    flash("They no longer see the pupils of this class.")
    return redirect(url_for("classes.list_class_staff", class_id=class_id), code=303)


def _staff_page(class_id: UUID, form: Form) -> str:
    people = [
        {"value": str(member.person_id), "text": f"{member.name} ({member.role_names})"}
        for member in accounts.list_members()
    ]
    choices = [{"value": "", "text": "Choose somebody"}, *people]
    return render_template(
        "settings/class_staff.html", held=queries.get_class(class_id), form=form, people=choices
    )
