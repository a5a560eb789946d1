"""Pages for bringing a roll in from a file and taking it out."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Role
from app.kernel.clock import today
from app.kernel.ids import new_id
from app.kernel.spreadsheet import csv_bytes
from app.pupils import roll_export, roll_queries
from app.pupils.models import RollImport
from app.pupils.roll_file import LARGEST_BYTES, LARGEST_MEGABYTES
from app.pupils.schemas import ImportSchema, NothingSchema, import_schema
from app.pupils.service import roll as service
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.uploads import ROOM, accepts_files

roll = Blueprint("roll", __name__, template_folder="../templates")


@roll.get("/roll-imports/new")
@requires(Role.SCHOOL_ADMIN)
def new_import() -> ResponseReturnValue:
    return _new_page(Form(NothingSchema()))


@roll.post("/roll-imports")
@requires(Role.SCHOOL_ADMIN)
@accepts_files(LARGEST_BYTES + ROOM)
def create_import() -> ResponseReturnValue:
    form, import_id = Form(NothingSchema(), request.form), new_id()
    content = _sent()
    if form.submit(lambda _: service.hold_file(current_actor(), import_id, content)):
        return redirect(url_for(".show_import", import_id=import_id), code=303)
    return _new_page(form), 422


@roll.get("/roll-imports/<uuid:import_id>")
@requires(Role.SCHOOL_ADMIN)
def show_import(import_id: UUID) -> ResponseReturnValue:
    held = roll_queries.load_import(import_id)
    if held.confirmed_at:
        return render_template("pupils/roll/done.html", held=held)
    return _preview(held, Form(ImportSchema()))


@roll.post("/roll-imports/<uuid:import_id>/confirmation")
@requires(Role.SCHOOL_ADMIN)
def create_confirmation(import_id: UUID) -> ResponseReturnValue:
    held = roll_queries.load_import(import_id)
    form = Form(import_schema(request.form), request.form)
    if form.submit(partial(service.confirm_import, current_actor(), held)):
        return redirect(url_for(".show_import", import_id=import_id), code=303)
    return _preview(roll_queries.load_import(import_id), form), 422


@roll.post("/roll-exports")
@requires(Role.SCHOOL_ADMIN)
def create_export() -> ResponseReturnValue:
    pupils = service.export_roll(current_actor())
    response = make_response(csv_bytes(roll_export.HEADINGS, map(roll_export.line, pupils)))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="pupils-{_stamp(today())}.csv"'
    return response


def _new_page(form: Form) -> str:
    return render_template("pupils/roll/new.html", form=form, megabytes=LARGEST_MEGABYTES)


def _preview(held: RollImport, form: Form) -> str:
    plan = service.preview(held, {})
    form.values["fingerprint"] = plan.fingerprint
    return render_template("pupils/roll/preview.html", held=held, plan=plan, form=form, options=_options)


def _options(match: Any) -> list[dict[str, str]]:
    """The answers to a question about a row."""
    same = [{"value": str(pupil.id), "text": f"The same child: {pupil.name}"} for pupil in match.candidates]
    other = [{"value": "new", "text": "Another child: add them"}] if match.may_be_new else []
    return [*same, *other, {"value": "skip", "text": "I do not know: leave this row out"}]


def _sent() -> bytes | None:
    file = request.files.get("file")
    return file.read() if file and file.filename else None


def _stamp(day: date) -> str:
    return day.isoformat()
