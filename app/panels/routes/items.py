"""Pages of one item: the briefing, its papers, votes, notes, conflicts of interest and the decision."""

from functools import partial
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.funds import queries as funds
from app.kernel.access import Role
from app.panels import policy
from app.panels.queries import items as queries
from app.panels.schemas import BallotSchema, InterestSchema, RemarkSchema, RulingSchema, SpokenInterestSchema
from app.panels.service import decisions, papers
from app.panels.service import items as service
from app.panels.words import CHOICES, CONFLICTS, OUTCOMES
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

items = Blueprint("items", __name__, url_prefix="/items/<uuid:item_id>", template_folder="../templates")


@items.get("")
@requires(*policy.PANEL)
def show_item(item_id: UUID) -> ResponseReturnValue:
    return _item(item_id, Form(BallotSchema()), Form(RemarkSchema()))


@items.get("/documents/<uuid:document_id>/content")
@requires(*policy.PANEL)
def download(item_id: UUID, document_id: UUID) -> ResponseReturnValue:
    paper = queries.get_paper(item_id, document_id)
    note_read("a document of a request to the panel", share_id=paper.share_id)
    return redirect(papers.address_of(current_app.config["ADAPTERS"].storage, paper), code=303)


@items.post("/votes")
@requires(*policy.VOTERS)
def create_vote(item_id: UUID) -> ResponseReturnValue:
    item = queries.load_item(item_id)
    form = Form(BallotSchema(), request.form)
    if form.submit(partial(service.vote, current_actor(), item)):
        flash("Your vote is counted.")
        return redirect(url_for("items.show_item", item_id=item_id), code=303)
    return _item(item_id, form, Form(RemarkSchema())), 422


@items.post("/notes")
@requires(*policy.VOTERS)
def create_note(item_id: UUID) -> ResponseReturnValue:
    item = queries.load_item(item_id)
    form = Form(RemarkSchema(), request.form)
    if form.submit(partial(service.write_note, current_actor(), item)):
        flash("The others on the panel can read your note.")
        return redirect(url_for("items.show_item", item_id=item_id), code=303)
    return _item(item_id, Form(BallotSchema()), form), 422


@items.get("/conflict")
@requires(*policy.PANEL)
def warn_of_conflict(item_id: UUID) -> ResponseReturnValue:
    """The interruption before an act that cannot be undone."""
    return render_template("panels/conflict_warning.html", item=queries.load_item(item_id))


@items.get("/conflicts/new")
@requires(*policy.PANEL)
def new_conflict(item_id: UUID) -> ResponseReturnValue:
    return _conflict(item_id, Form(InterestSchema()))


@items.post("/conflicts")
@requires(*policy.PANEL)
def create_conflict(item_id: UUID) -> ResponseReturnValue:
    item = queries.load_item(item_id)
    form = Form(InterestSchema(), request.form)
    if form.submit(partial(service.declare_conflict, current_actor(), item)):
        flash("Thank you. The request is closed to you now, and the clerk can see that you have a conflict.")
        return redirect(url_for("panels.list_meetings"), code=303)
    return _conflict(item_id, form), 422


@items.get("/recusals/new")
@requires(Role.CLERK)
def new_recusal(item_id: UUID) -> ResponseReturnValue:
    return _recusal(item_id, Form(SpokenInterestSchema()))


@items.post("/recusals")
@requires(Role.CLERK)
def create_recusal(item_id: UUID) -> ResponseReturnValue:
    item = queries.load_item(item_id)
    form = Form(SpokenInterestSchema(), request.form)
    if form.submit(partial(service.enter_conflict, current_actor(), item)):
        flash("The request is closed to that member now.")
        return redirect(url_for("items.show_item", item_id=item_id), code=303)
    return _recusal(item_id, form), 422


@items.post("/deferral")
@requires(Role.CLERK, *policy.PRESIDERS)
def create_deferral(item_id: UUID) -> ResponseReturnValue:
    item = queries.load_item(item_id)
    service.defer(current_actor(), item)
    flash(f"{item.reference} waits for the next meeting.")
    return redirect(url_for("panels.list_meetings"), code=303)


@items.get("/decision/new")
@requires(*policy.PRESIDERS)
def new_decision(item_id: UUID) -> ResponseReturnValue:
    item = queries.get_item(item_id)
    asked = item.snapshot
    known = {"terms": asked.terms or 1} if asked and asked.amount_pence else {}
    return _decision(item, Form(RulingSchema(), initial=known))


@items.post("/decision")
@requires(*policy.PRESIDERS)
def create_decision(item_id: UUID) -> ResponseReturnValue:
    item = queries.load_item(item_id)
    form = Form(RulingSchema(), request.form)
    if form.submit(partial(decisions.decide, current_actor(), item)):
        flash("The decision is on its way to the school and the family.")
        return redirect(url_for("items.show_item", item_id=item_id), code=303)
    return _decision(queries.get_item(item_id), form), 422


def _item(item_id: UUID, ballot: Form, remark: Form) -> str:
    item = queries.get_item(item_id)
    if item.snapshot is not None:
        note_read("a request to the panel", share_id=item.share_id)
    choices = [{"value": value, "text": text} for value, text in CHOICES.items()]
    return render_template(
        "panels/item.html", item=item, ballot=ballot, remark=remark, choices=choices, form=ballot if ballot.problems else remark,
        **_abilities(item),
    )  # fmt: skip


def _abilities(item: queries.ItemRead) -> dict[str, bool]:
    actor = current_actor()
    to_decide = item.status == "on_agenda" and item.snapshot is not None
    return {
        "votes": policy.can_vote(actor),
        "defers": policy.can_defer(actor) and to_decide,
        "enters": policy.can_enter_conflict(actor, for_another=True) and to_decide,
        "presides": actor.person_id in item.standing.presiders and to_decide,
        "open": to_decide,
    }


def _conflict(item_id: UUID, form: Form) -> str:
    return render_template(
        "panels/conflict.html", item=queries.load_item(item_id), form=form, kinds=_kinds(), voters=None
    )


def _recusal(item_id: UUID, form: Form) -> str:
    voters = [{"value": person_id, "text": name} for person_id, name in queries.list_voters()]
    return render_template(
        "panels/recusal.html", item=queries.load_item(item_id), form=form, kinds=_kinds(), voters=voters
    )


def _kinds() -> list[dict[str, str]]:
    return [{"value": value, "text": text} for value, text in CONFLICTS.items()]


def _decision(item: queries.ItemRead, form: Form) -> str:
    if item.snapshot is not None:
        note_read("a request to the panel", share_id=item.share_id)
    outcomes = [{"value": value, "text": text} for value, text in OUTCOMES.items()]
    return render_template(
        "panels/decision.html",
        item=item,
        form=form,
        outcomes=outcomes,
        funds=funds.list_funds(for_item=item.id),
        **_abilities(item),
    )
