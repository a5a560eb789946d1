"""LSS requests: the list, one request as a list of tasks, and its parts."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.casework import evidence
from app.casework.identifying import hints
from app.kernel.access import Actor, Role
from app.kernel.paging import page_number
from app.lss import content, policy, queries, service
from app.lss.models import LssRequest
from app.lss.parts import PARTS, Part
from app.lss.read import KINDS, RequestRead
from app.lss.schemas import ChosenSchema, SeenSchema, StartSchema
from app.lss.tasks import next_steps, tasks
from app.pupils import queries as pupils
from app.sharing import queries as sharing
from app.sharing.reading import lines_of
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

lss = Blueprint("lss", __name__, template_folder="templates")

Step = Callable[[Actor, LssRequest, service.Seen], None]


@lss.get("/lss/requests")
@requires(*policy.READERS)
def list_requests() -> ResponseReturnValue:
    page = queries.list_requests(page_number(request.args.get("page")))
    return render_template("lss/requests.html", page=page)


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
@requires(*policy.READERS)
def show_request(request_id: UUID) -> ResponseReturnValue:
    found = queries.get_request(request_id)
    note_read("request", pupil_id=found.pupil_id)
    ask = sharing.get_ask(found.ask_id) if found.ask_id else None
    return render_template(
        "lss/request.html", lss_request=found, ask=ask, tasks=tasks(current_actor(), found, ask),
        next_steps=next_steps(found), hints=_hints(found),
    )  # fmt: skip


@lss.get("/lss/requests/<uuid:request_id>/<any(wanted,reasons,child,views):part_name>")
@requires(Role.SENDCO)
def edit_part(request_id: UUID, part_name: str) -> ResponseReturnValue:
    found, part = queries.get_request(request_id), PARTS[part_name]
    return _part(found, part, Form(part.schema(), initial=_held(found, part)))


@lss.post("/lss/requests/<uuid:request_id>/<any(wanted,reasons,child,views):part_name>")
@requires(Role.SENDCO)
def update_part(request_id: UUID, part_name: str) -> ResponseReturnValue:
    lss_request, part = queries.load_request(request_id), PARTS[part_name]
    form = Form(part.schema(), request.form)
    if form.submit(partial(service.write_part, current_actor(), lss_request)):
        flash("Saved.")
        return redirect(url_for("lss.show_request", request_id=request_id), code=303)
    return _part(queries.get_request(request_id), part, form), 409 if form.stale else 422


@lss.get("/lss/requests/<uuid:request_id>/evidence")
@requires(Role.SENDCO)
def edit_evidence(request_id: UUID) -> ResponseReturnValue:
    lss_request = queries.load_request(request_id)
    return _evidence(lss_request, Form(ChosenSchema(), initial={"version": lss_request.version}))


@lss.post("/lss/requests/<uuid:request_id>/evidence")
@requires(Role.SENDCO)
def update_evidence(request_id: UUID) -> ResponseReturnValue:
    lss_request = queries.load_request(request_id)
    form = Form(ChosenSchema(), request.form)
    if form.submit(partial(service.choose_evidence, current_actor(), lss_request)):
        flash("Saved.")
        return redirect(url_for("lss.show_request", request_id=request_id), code=303)
    return _evidence(queries.load_request(request_id), form), 409 if form.stale else 422


@lss.get("/lss/requests/<uuid:request_id>/consent-ask/new")
@requires(Role.SENDCO)
def new_ask(request_id: UUID) -> ResponseReturnValue:
    return _step(queries.get_request(request_id), "ask")


@lss.post("/lss/requests/<uuid:request_id>/consent-ask")
@requires(Role.SENDCO)
def create_ask(request_id: UUID) -> ResponseReturnValue:
    said = (
        "Every adult with parental responsibility has been told. You can write down an answer that you hear."
    )
    return _take_step(request_id, "ask", service.ask_family, said)


@lss.get("/lss/requests/<uuid:request_id>/authorisation/new")
@requires(Role.HEADTEACHER)
def new_authorisation(request_id: UUID) -> ResponseReturnValue:
    return _step(queries.get_request(request_id), "authorisation")


@lss.post("/lss/requests/<uuid:request_id>/authorisation")
@requires(Role.HEADTEACHER)
def create_authorisation(request_id: UUID) -> ResponseReturnValue:
    said = "You have authorised this request. The SENDCO can send it now."
    return _take_step(request_id, "authorisation", service.authorise_request, said)


@lss.get("/lss/requests/<uuid:request_id>/submission/new")
@requires(Role.SENDCO)
def new_submission(request_id: UUID) -> ResponseReturnValue:
    return _step(queries.get_request(request_id), "submission")


@lss.post("/lss/requests/<uuid:request_id>/submission")
@requires(Role.SENDCO)
def create_submission(request_id: UUID) -> ResponseReturnValue:
    return _take_step(
        request_id, "submission", service.submit_request, "The request has been sent to the panel."
    )


@lss.get("/lss/requests/<uuid:request_id>/withdrawal/new")
@requires(Role.SENDCO)
def new_withdrawal(request_id: UUID) -> ResponseReturnValue:
    return _step(queries.get_request(request_id), "withdrawal")


@lss.post("/lss/requests/<uuid:request_id>/withdrawal")
@requires(Role.SENDCO)
def create_withdrawal(request_id: UUID) -> ResponseReturnValue:
    return _take_step(request_id, "withdrawal", service.withdraw_request, "The request has been withdrawn.")


def _step(found: RequestRead, name: str, form: Form | None = None) -> str:
    """What will happen, for whom, before the button."""
    note_read("request", pupil_id=found.pupil_id)
    pupil = pupils.load_pupil(found.pupil_id)
    form = form or Form(SeenSchema())
    form.values["version"] = found.version
    lines = lines_of(content.freeze(found, pupil))
    return render_template(f"lss/{name}.html", lss_request=found, form=form, lines=lines, hints=_hints(found))


def _take_step(request_id: UUID, name: str, act: Step, said: str) -> ResponseReturnValue:
    lss_request = queries.load_request(request_id)
    form = Form(SeenSchema(), request.form)
    if form.submit(partial(act, current_actor(), lss_request)):
        flash(said)
        return redirect(url_for("lss.show_request", request_id=request_id), code=303)
    return _step(queries.get_request(request_id), name, form), 409 if form.stale else 422


def _new(pupil_id: UUID, form: Form) -> str:
    kinds = [{"value": kind.value, "text": name} for kind, name in KINDS.items()]
    return render_template("lss/new.html", pupil=pupils.get_pupil(pupil_id), form=form, kinds=kinds)


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
    kinds = [{"value": kind.value, "text": name} for kind, name in KINDS.items()]
    return render_template(
        "lss/part.html", lss_request=found, part=part, form=form, theirs=theirs, kinds=kinds
    )


def _evidence(lss_request: Any, form: Form) -> str:
    note_read("request", pupil_id=lss_request.pupil_id)
    choices = evidence.list_choices(lss_request.pupil_id, lss_request.id)
    if "documents" not in form.values:
        form.values["documents"] = [str(choice.id) for choice in choices if choice.chosen]
    form.values["version"] = lss_request.version
    return render_template("lss/evidence.html", lss_request=lss_request, form=form, choices=choices)


def _hints(found: RequestRead) -> list[str]:
    return hints(found.answers, found.surnames) if found.before_sending else []
