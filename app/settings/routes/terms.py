"""Pages on which a school, or a locality, keeps its term dates."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.clock import today
from app.settings import codes, policy, queries
from app.settings.policy import KEEPS_TERMS, READS_TERMS
from app.settings.schemas import TermSchema
from app.settings.service import terms as service
from app.web.access import current_actor, requires
from app.web.forms import Form

terms = Blueprint("terms", __name__, url_prefix="/terms", template_folder="../templates")


@terms.get("")
@requires(*READS_TERMS)
def list_terms() -> ResponseReturnValue:
    held = queries.list_terms()
    suggested = [term for term in codes.suggested_term_dates() if term.ends_on >= today()]
    may_change = policy.can_keep_terms(current_actor())
    return render_template("settings/terms.html", terms=held, suggested=suggested, may_change=may_change)


@terms.post("/suggested")
@requires(*KEEPS_TERMS)
def create_suggested() -> ResponseReturnValue:
    service.take_suggested(current_actor())
    flash("The suggested dates are now yours. Change what is different at your school.")
    return _to_list()


@terms.get("/new")
@requires(*KEEPS_TERMS)
def new_term() -> ResponseReturnValue:
    return render_template("settings/term.html", form=Form(TermSchema()), term_id=None)


@terms.post("")
@requires(*KEEPS_TERMS)
def create_term() -> ResponseReturnValue:
    form = Form(TermSchema(), request.form)
    if form.submit(partial(service.add_term, current_actor())):
        flash("The term is added.")
        return _to_list()
    return render_template("settings/term.html", form=form, term_id=None), 422


@terms.get("/<uuid:term_id>")
@requires(*KEEPS_TERMS)
def edit_term(term_id: UUID) -> ResponseReturnValue:
    term = queries.load_term(term_id)
    initial = {name: getattr(term, name) for name in TermSchema().fields}
    return render_template("settings/term.html", form=Form(TermSchema(), initial=initial), term_id=term_id)


@terms.post("/<uuid:term_id>")
@requires(*KEEPS_TERMS)
def update_term(term_id: UUID) -> ResponseReturnValue:
    form = Form(TermSchema(), request.form)
    if form.submit(partial(service.change_term, current_actor(), queries.load_term(term_id))):
        flash("The term is saved.")
        return _to_list()
    theirs = queries.load_term(term_id) if form.stale else None
    if theirs:
        form.values["version"] = theirs.version
    page = render_template("settings/term.html", form=form, term_id=term_id, theirs=theirs)
    return page, 409 if form.stale else 422


@terms.post("/<uuid:term_id>/removal")
@requires(*KEEPS_TERMS)
def create_removal(term_id: UUID) -> ResponseReturnValue:
    service.remove_term(current_actor(), queries.load_term(term_id))
    flash("The term is removed.")
    return _to_list()


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("terms.list_terms"), code=303)
