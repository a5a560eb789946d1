"""LSS requests: the list, one request as a list of tasks, and its parts."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.casework import service as casework
from app.casework.pages import ASKED, Pages, hints_about
from app.casework.policy import READERS
from app.casework.turns import turns
from app.kernel.access import Role
from app.kernel.paging import page_number
from app.lss import content, queries, service
from app.lss.parts import PARTS, Part
from app.lss.read import KINDS, RequestRead
from app.lss.schemas import StartSchema
from app.lss.tasks import next_steps, tasks
from app.pupils import queries as pupils
from app.sharing import queries as sharing
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

lss = Blueprint("lss", __name__, template_folder="templates")

PAGES = Pages("request", queries.load_request, queries.get_request, content.freeze)
KIND_ITEMS = [{"value": kind.value, "text": name} for kind, name in KINDS.items()]


@lss.get("/lss/requests")
@requires(*READERS)
def list_requests() -> ResponseReturnValue:
    page = queries.list_requests(page_number(request.args.get("page")))
    return render_template("lss/requests.html", page=page, noun=PAGES.noun)


@lss.get("/pupils/<uuid:pupil_id>/lss/new")
@requires(Role.SENDCO)
def new_request(pupil_id: UUID) -> ResponseReturnValue:
    note_read("request", pupil_id=pupil_id)
    return _new(pupil_id, Form(StartSchema()))


@lss.post("/pupils/<uuid:pupil_id>/lss")
@requires(Role.SENDCO)
def create_request(pupil_id: UUID) -> ResponseReturnValue:
    pupil = pupils.load_pupil(pupil_id)
    form, made = Form(StartSchema(), request.form), []
    if form.submit(lambda start: made.append(service.start_request(current_actor(), pupil, start))):
        flash(
            "We copied what the plan, the reviews and the views already say. Read each part and change what you like."
        )
        return redirect(url_for("lss.show_request", request_id=made[0].id), code=303)
    return _new(pupil_id, form), 422


@lss.get("/lss/requests/<uuid:request_id>")
@requires(*READERS)
def show_request(request_id: UUID) -> ResponseReturnValue:
    found = queries.get_request(request_id)
    note_read("request", pupil_id=found.pupil_id)
    ask = sharing.get_ask(found.ask_id) if found.ask_id else None
    return render_template(
        "lss/request.html", case=found, tasks=tasks(current_actor(), found, ask), hints=hints_about(found),
        next_steps=next_steps(found), turns=turns(found, ask, PAGES.noun),
    )  # fmt: skip


@lss.get("/lss/requests/<uuid:request_id>/<any(wanted,reasons,child,views):part_name>")
@requires(Role.SENDCO)
def edit_part(request_id: UUID, part_name: str) -> ResponseReturnValue:
    found, part = queries.get_request(request_id), PARTS[part_name]
    return _part(found, part, Form(part.schema(), initial=_held(found, part)))


@lss.post("/lss/requests/<uuid:request_id>/<any(wanted,reasons,child,views):part_name>")
@requires(Role.SENDCO)
def update_part(request_id: UUID, part_name: str) -> ResponseReturnValue:
    part = PARTS[part_name]
    form = Form(part.schema(), request.form)
    if saved := PAGES.save(request_id, form, service.write_part):
        return saved
    return _part(queries.get_request(request_id), part, form), 409 if form.stale else 422


@lss.get("/lss/requests/<uuid:request_id>/evidence")
@requires(Role.SENDCO)
def edit_evidence(request_id: UUID) -> ResponseReturnValue:
    return PAGES.show_evidence(request_id)


@lss.post("/lss/requests/<uuid:request_id>/evidence")
@requires(Role.SENDCO)
def update_evidence(request_id: UUID) -> ResponseReturnValue:
    return PAGES.take_evidence(request_id, service.choose_evidence)


@lss.get("/lss/requests/<uuid:request_id>/consent-ask/new")
@requires(Role.SENDCO)
def new_ask(request_id: UUID) -> ResponseReturnValue:
    return PAGES.show_step(request_id, "ask")


@lss.post("/lss/requests/<uuid:request_id>/consent-ask")
@requires(Role.SENDCO)
def create_ask(request_id: UUID) -> ResponseReturnValue:
    return PAGES.take_step(request_id, "ask", service.ask_family, ASKED)


@lss.get("/lss/requests/<uuid:request_id>/authorisation/new")
@requires(Role.HEADTEACHER)
def new_authorisation(request_id: UUID) -> ResponseReturnValue:
    return PAGES.show_step(request_id, "authorisation")


@lss.post("/lss/requests/<uuid:request_id>/authorisation")
@requires(Role.HEADTEACHER)
def create_authorisation(request_id: UUID) -> ResponseReturnValue:
    said = "You have authorised this request. The SENDCO can send it now."
    return PAGES.take_step(request_id, "authorisation", service.authorise_request, said)


@lss.get("/lss/requests/<uuid:request_id>/submission/new")
@requires(Role.SENDCO)
def new_submission(request_id: UUID) -> ResponseReturnValue:
    return PAGES.show_step(request_id, "submission")


@lss.post("/lss/requests/<uuid:request_id>/submission")
@requires(Role.SENDCO)
def create_submission(request_id: UUID) -> ResponseReturnValue:
    said = "The request has been sent to the panel."
    return PAGES.take_step(request_id, "submission", service.submit_request, said)


@lss.get("/lss/requests/<uuid:request_id>/withdrawal/new")
@requires(Role.SENDCO)
def new_withdrawal(request_id: UUID) -> ResponseReturnValue:
    return PAGES.show_step(request_id, "withdrawal")


@lss.post("/lss/requests/<uuid:request_id>/withdrawal")
@requires(Role.SENDCO)
def create_withdrawal(request_id: UUID) -> ResponseReturnValue:
    said = "The request has been withdrawn."
    return PAGES.take_step(request_id, "withdrawal", casework.withdraw, said)


def _new(pupil_id: UUID, form: Form) -> str:
    return render_template("lss/new.html", pupil=pupils.get_pupil(pupil_id), form=form, kinds=KIND_ITEMS)


def _held(found: RequestRead, part: Part) -> dict[str, Any]:
    held = {name: getattr(found, name) for name in part.schema().fields}
    if held.get("amount_pence") is not None:
        held["amount_pence"] = f"{held['amount_pence'] / 100:.2f}"
    return held


def _part(found: RequestRead, part: Part, form: Form) -> str:
    note_read("request", pupil_id=found.pupil_id)
    theirs = None
    if form.stale:
        theirs = {question.label: getattr(found, question.name) for question in part.questions}
        form.values["version"] = found.version
    return render_template("lss/part.html", case=found, part=part, form=form, theirs=theirs, kinds=KIND_ITEMS)
