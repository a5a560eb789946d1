"""The rules of a locality: read them, change them, see who changed them when."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.settings import queries
from app.settings.policy import SETS_RULES
from app.settings.rules import GATED
from app.settings.schemas import RulesSchema, as_answers
from app.settings.service import rules as service
from app.web.access import current_actor, requires
from app.web.forms import Form

rules = Blueprint("rules", __name__, url_prefix="/rules", template_folder="../templates")

KINDS = [{"value": kind, "text": name} for kind, name in GATED.items()]


@rules.get("")
@requires(*SETS_RULES)
def show_rules() -> ResponseReturnValue:
    return render_template(
        "settings/rules.html", rules=queries.current_rules(), gated=GATED, versions=queries.list_versions()
    )


@rules.get("/edit")
@requires(*SETS_RULES)
def edit_rules() -> ResponseReturnValue:
    form = Form(RulesSchema(), initial=as_answers(queries.current_rules()))
    return render_template("settings/rules_edit.html", form=form, kinds=KINDS)


@rules.post("")
@requires(*SETS_RULES)
def create_rules() -> ResponseReturnValue:
    form = Form(RulesSchema(), request.form)
    if form.submit(partial(service.set_rules, current_actor())):
        flash("The new rules hold from now on. Requests that were sent before keep theirs.")
        return redirect(url_for("rules.show_rules"), code=303)
    theirs = queries.current_rules() if form.stale else None
    if theirs:
        form.values["seen"] = theirs.number
    page = render_template("settings/rules_edit.html", form=form, kinds=KINDS, theirs=theirs, gated=GATED)
    return page, 409 if form.stale else 422
