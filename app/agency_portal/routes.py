"""Pages behind a link. Opening it shows nothing and uses nothing up; only a code from the mailbox leads further."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, MultiDict

from app.accounts import codes
from app.accounts.routes import edge
from app.accounts.service import sessions
from app.agency_portal import door, queries, service
from app.agency_portal.answers import ANSWERS
from app.agency_portal.queries import ReferralRead
from app.agency_portal.schemas import AcknowledgementSchema, ProfessionalSchema
from app.documents import queries as documents
from app.documents import transfer
from app.documents.schemas import UploadSchema
from app.kernel.ids import new_id
from app.web import cookies, kept_forms
from app.web.access import SignInNeeded, current_actor, open_to_all, requires
from app.web.errors import page
from app.web.forms import Form
from app.web.reads import note_read
from app.web.uploads import accepts_files

agency = Blueprint("agency", __name__, template_folder="templates")

CODE = "code"


@agency.app_errorhandler(SignInNeeded)
def without_session(_: SignInNeeded) -> ResponseReturnValue:
    """There is no sign-in page here: the way in is the link in the mail. A closed link says that it is closed."""
    token = cookies.session_token()
    if token is not None and door.was_closed(token):
        return page(410)
    kept_forms.keep_and_say()
    return redirect(url_for("agency.home"), code=303)


@agency.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    return render_template("agency/home.html")


@agency.get("/r/<token>")
@open_to_all
def open_link(token: str) -> ResponseReturnValue:
    door.check(token, noted=True)
    return render_template("agency/link.html", token=token)


@agency.post("/r/<token>/code")
@open_to_all
def create_code(token: str) -> ResponseReturnValue:
    session[CODE] = str(door.ask_code(token, edge.visit()))
    edge.nudge()
    return redirect(url_for("agency.new_session", token=token), code=303)


@agency.get("/r/<token>/session/new")
@open_to_all
def new_session(token: str) -> ResponseReturnValue:
    door.check(token)
    return render_template("agency/code.html", token=token, form=Form(ProfessionalSchema()))


@agency.post("/r/<token>/session")
@open_to_all
def create_session(token: str) -> ResponseReturnValue:
    """A link signed in through ends whatever this browser was signed in to before: never two in one."""
    door.check(token)
    form, status = Form(ProfessionalSchema(), request.form), 422
    entered: list[door.Professional] = []
    if form.submit(entered.append):
        asked = UUID(session[CODE]) if CODE in session else None
        outcome, fresh = door.sign_in(token, edge.visit(), asked, entered[0])
        if outcome == door.RIGHT:
            there = redirect(url_for("agency.show_referral"), code=303)
            return edge.begin_session(there, fresh)  # type: ignore[arg-type]
        form.problems, status = {"code": codes.SENTENCES[outcome]}, codes.STATUS[outcome]
    return render_template("agency/code.html", token=token, form=form), status


@agency.post("/sign-out")
@requires()
def remove_session() -> ResponseReturnValue:
    token = cookies.session_token()
    assert token is not None
    sessions.sign_out(token)
    response = redirect(url_for("agency.home"), code=303)
    cookies.forget(response)  # type: ignore[arg-type]
    return response


@agency.get("/referral")
@requires()
def show_referral() -> ResponseReturnValue:
    return _referral_page(queries.get_referral(current_actor().scope_id), Form(AcknowledgementSchema()))


@agency.get("/referral/documents/<uuid:document_id>")
@requires()
def download(document_id: UUID) -> ResponseReturnValue:
    scope = current_actor().scope_id
    found = queries.find_document(scope, document_id)
    note_read("a document", share_id=scope)
    return redirect(transfer.download_url(found), code=303)


@agency.post("/referral/acknowledgement")
@requires()
def create_acknowledgement() -> ResponseReturnValue:
    referral = queries.get_referral(current_actor().scope_id)
    form = Form(AcknowledgementSchema(), request.form)
    if form.submit(partial(service.acknowledge, current_actor(), referral, _author())):
        flash("The school knows that you have received it.")
        return redirect(url_for("agency.show_referral"), code=303)
    return _referral_page(referral, form), 422


@agency.get("/referral/<any(acceptance,refusal,question,advice):name>/new")
@requires()
def new_answer(name: str) -> ResponseReturnValue:
    return _answer_page(name, Form(ANSWERS[name].schema()))


@agency.post("/referral/<any(acceptance,refusal,question,advice):name>")
@requires()
def create_answer(name: str) -> ResponseReturnValue:
    referral = queries.get_referral(current_actor().scope_id)
    form = Form(ANSWERS[name].schema(), request.form)
    if form.submit(partial(service.answer, current_actor(), referral, _author())):
        flash("Your answer is on its way to the school.")
        return redirect(url_for("agency.show_referral"), code=303)
    return _answer_page(name, form), 422


@agency.get("/referral/report/new")
@requires()
def new_report() -> ResponseReturnValue:
    return _report_page(Form(UploadSchema()))


@agency.post("/referral/report")
@requires()
@accepts_files(transfer.LARGEST_REQUEST)
def create_report() -> ResponseReturnValue:
    """Into quarantine first: the school gets it when it has been checked."""
    referral = queries.get_referral(current_actor().scope_id)
    file = request.files.get("file") or FileStorage()
    said = MultiDict(request.form)
    said["file"], said["size"] = file.filename or "", str(transfer.size_of(file))
    form = Form(UploadSchema(), said)
    take_in = partial(
        transfer.take_in, current_actor(), file, document_id=new_id(), share_id=referral.share_id
    )
    if form.submit(take_in):
        flash("We have your file and are checking it. The school gets it when it is safe.")
        return redirect(url_for("agency.new_report"), code=303)
    return _report_page(form), 422


@agency.get("/referral/wrong-person/new")
@requires()
def new_wrong_person() -> ResponseReturnValue:
    return _answer_page("wrong-person", Form(ANSWERS["wrong-person"].schema()))


@agency.post("/referral/wrong-person")
@requires()
def create_wrong_person() -> ResponseReturnValue:
    referral = queries.get_referral(current_actor().scope_id)
    form = Form(ANSWERS["wrong-person"].schema(), request.form)
    if form.submit(partial(service.answer, current_actor(), referral, _author())):
        response = redirect(url_for("agency.show_thanks"), code=303)
        cookies.forget(response)  # type: ignore[arg-type]
        return response
    return _answer_page("wrong-person", form), 422


@agency.get("/thank-you")
@open_to_all
def show_thanks() -> ResponseReturnValue:
    return render_template("agency/thanks.html")


def _referral_page(referral: ReferralRead, form: Form) -> str:
    note_read("referral", share_id=referral.share_id)
    answers = queries.list_answers(referral.share_id)
    return render_template("agency/referral.html", referral=referral, answers=answers, form=form)


def _answer_page(name: str, form: Form) -> str:
    referral = queries.get_referral(current_actor().scope_id)
    note_read("referral", share_id=referral.share_id)
    return render_template("agency/answer.html", referral=referral, answer=ANSWERS[name], form=form)


def _report_page(form: Form) -> str:
    """With what was sent before, and how its check goes."""
    scope = current_actor().scope_id
    assert scope is not None
    referral = queries.get_referral(scope)
    note_read("referral", share_id=scope)
    sent = documents.list_of_share(scope)
    return render_template("agency/report.html", referral=referral, form=form, sent=sent)


def _author() -> service.Author:
    token = cookies.session_token()
    if token is None:
        raise SignInNeeded
    return service.Author(*door.who_acts(token))
