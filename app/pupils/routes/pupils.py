"""Pages of the register and of one pupil."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Role
from app.kernel.clock import today
from app.kernel.ids import new_id
from app.kernel.paging import page_number
from app.kernel.years import year_choices, year_name
from app.pupils import policy, queries
from app.pupils.queries import Filters, PupilDetails
from app.pupils.schemas import DepartureSchema, NothingSchema, PupilSchema, PupilWithUpnSchema
from app.pupils.service import register
from app.pupils.upn import check_upn
from app.settings import codes
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read
from app.web.record_cards import cards_of

pupils = Blueprint("pupils", __name__, url_prefix="/pupils", template_folder="../templates")

EVERYBODY = "any"


@pupils.app_template_filter("year")
def _year(year_group: int) -> str:
    return year_name(year_group)


@pupils.app_template_filter("sen_status")
def _sen_status(code: str) -> str:
    found = codes.find_provision_code(code, today())
    return found.name if found else code


@pupils.get("")
@requires()
def list_pupils() -> ResponseReturnValue:
    filters = _filters()
    page = queries.list_pupils(filters, page_number(request.args.get("page")))
    return render_template(
        "pupils/list.html",
        page=page,
        filters=filters,
        classes=queries.list_classes(),
        years=year_choices(),
        provisions=_provisions(),
        address=_address,
        can_keep=policy.can_keep_roll(current_actor()),
    )


@pupils.get("/new")
@requires(*policy.KEEPS_ROLL)
def new_pupil() -> ResponseReturnValue:
    return _form_page("pupils/new.html", Form(_schema(), initial={"sen_provision": "N"}))


@pupils.post("")
@requires(*policy.KEEPS_ROLL)
def create_pupil() -> ResponseReturnValue:
    form, pupil_id = Form(_schema(), request.form), new_id()
    if form.submit(partial(register.add_pupil, current_actor(), pupil_id)):
        flash(f"Added to the register. {_upn_warning(form)}".strip())
        return redirect(url_for(".show_pupil", pupil_id=pupil_id), code=303)
    return _form_page("pupils/new.html", form), 422


@pupils.get("/<uuid:pupil_id>")
@requires()
def show_pupil(pupil_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    pupil = queries.get_details(pupil_id)
    note_read("pupil page", pupil_id=pupil_id)
    return render_template(
        "pupils/pupil.html",
        pupil=pupil,
        needs=[_need_name(code) for code in pupil.needs],
        can_keep=policy.can_keep_roll(actor),
        can_see_upn=policy.can_see_upn(actor),
        cards=cards_of(pupil_id, actor),
        can_hear=actor.has(Role.SENDCO, Role.CLASS_TEACHER),
        can_note=bool(actor.roles - {Role.SCHOOL_ADMIN}),
        form=Form(NothingSchema()),
    )


@pupils.get("/<uuid:pupil_id>/edit")
@requires(*policy.KEEPS_ROLL)
def edit_pupil(pupil_id: UUID) -> ResponseReturnValue:
    pupil = queries.get_details(pupil_id)
    note_read("pupil page", pupil_id=pupil_id)
    return _form_page("pupils/edit.html", Form(_schema(), initial=_answers(pupil)), pupil=pupil)


@pupils.post("/<uuid:pupil_id>")
@requires(*policy.KEEPS_ROLL)
def update_pupil(pupil_id: UUID) -> ResponseReturnValue:
    pupil = queries.load_pupil(pupil_id)
    form = Form(_schema(), request.form)
    if form.submit(partial(register.change_pupil, current_actor(), pupil)):
        flash(f"Saved. {_upn_warning(form)}".strip())
        return redirect(url_for(".show_pupil", pupil_id=pupil_id), code=303)
    theirs = queries.get_details(pupil_id)
    note_read("pupil page", pupil_id=pupil_id)
    if form.stale:
        form.values["version"] = theirs.version
        return _form_page("pupils/edit.html", form, pupil=theirs, theirs=_answers(theirs)), 409
    return _form_page("pupils/edit.html", form, pupil=theirs), 422


@pupils.get("/<uuid:pupil_id>/departure/new")
@requires(*policy.KEEPS_ROLL)
def new_departure(pupil_id: UUID) -> ResponseReturnValue:
    pupil = queries.get_pupil(pupil_id)
    return render_template("pupils/departure.html", pupil=pupil, form=Form(DepartureSchema()))


@pupils.post("/<uuid:pupil_id>/departure")
@requires(*policy.KEEPS_ROLL)
def create_departure(pupil_id: UUID) -> ResponseReturnValue:
    form = Form(DepartureSchema(), request.form)
    if form.submit(partial(register.record_departure, current_actor(), queries.load_pupil(pupil_id))):
        flash("Taken off the lists. Their record is kept, and the family still sees what was shared.")
        return redirect(url_for(".show_pupil", pupil_id=pupil_id), code=303)
    return render_template("pupils/departure.html", pupil=queries.get_pupil(pupil_id), form=form), 422


@pupils.post("/<uuid:pupil_id>/return")
@requires(*policy.KEEPS_ROLL)
def create_return(pupil_id: UUID) -> ResponseReturnValue:
    register.record_return(current_actor(), queries.load_pupil(pupil_id))
    flash("Back on the roll. Choose their class next.")
    return redirect(url_for(".edit_pupil", pupil_id=pupil_id), code=303)


def _filters() -> Filters:
    said = request.args
    year, provision = said.get("year", ""), said.get("provision", "")
    try:
        class_id = UUID(said.get("class", ""))
    except ValueError:
        class_id = None
    return Filters(
        words=said.get("q", "").strip()[:100],
        year_group=int(year) if year in {choice["value"] for choice in year_choices()} else None,
        class_id=class_id,
        sen_provision=provision if provision in {choice["value"] for choice in _provisions()} else None,
        left=said.get("left") == "yes",
    )


def _address(**changes: Any) -> str:
    """This list with some of its filters changed; None takes one away."""
    kept = {name: request.args.get(name) for name in ("q", "year", "class", "provision", "left")}
    wanted = {name: value for name, value in (kept | changes).items() if value}
    return url_for("pupils.list_pupils", **wanted)


def _schema() -> PupilSchema:
    return PupilWithUpnSchema() if policy.can_see_upn(current_actor()) else PupilSchema()


def _form_page(template: str, form: Form, **more: Any) -> str:
    nothing = [{"value": "", "text": "Not known"}]
    return render_template(
        template,
        form=form,
        years=[{"value": "", "text": "Choose the year group"}, *year_choices()],
        classes=[
            {"value": "", "text": "No class"},
            *({"value": str(c.id), "text": c.name} for c in queries.list_classes()),
        ],
        provisions=_provisions(),
        needs=nothing + [{"value": code.code, "text": code.name} for code in codes.need_codes(today())],
        asks_upn="upn" in form.schema.fields,
        **more,
    )


def _answers(pupil: PupilDetails) -> dict[str, Any]:
    needs = [*pupil.needs, "", ""]
    names = ("legal_surname", "legal_forenames", "preferred_surname", "born_on", "class_id", "sen_provision")
    held = {name: getattr(pupil, name) for name in (*names, "joined_on", "version", "upn")}
    chosen = pupil.first_name if pupil.first_name != pupil.legal_forenames else ""
    year = str(pupil.year_group)
    return held | {"preferred_forename": chosen, "need_1": needs[0], "need_2": needs[1], "year_group": year}


def _provisions() -> list[dict[str, str]]:
    return [{"value": code.code, "text": code.name} for code in codes.provision_codes(today())]


def _need_name(code: str) -> str:
    found = codes.find_need_code(code, today())
    return found.name if found else code


def _upn_warning(form: Form) -> str:
    said = str(form.values.get("upn") or "")
    return (check_upn(said).warning or "") if said else ""
