"""Pages for reviews."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Role
from app.kernel.clock import today
from app.plans import queries as plans
from app.plans.read import PlanView
from app.plans.service import TIME_TO_REVIEW
from app.reviews import policy, queries, service
from app.reviews.scale import PARENT_TOOK_PART, target_outcomes
from app.reviews.schemas import FITTING, review_schema
from app.voice import queries as voice
from app.voice.queries import CHILD_METHODS, PupilViewRead
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

reviews = Blueprint("reviews", __name__, template_folder="templates")

# A view older than this was said about another time.
STILL_FRESH = timedelta(days=42)


@reviews.get("/reviews/<uuid:review_id>")
@requires(*policy.READERS)
def show_review(review_id: UUID) -> ResponseReturnValue:
    review = queries.get_review(review_id)
    note_read("review", pupil_id=review.pupil_id)
    return render_template("reviews/review.html", review=review, pupil=review.pupil)


@reviews.get("/plans/<uuid:plan_id>/review/new")
@requires(Role.SENDCO)
def new_review(plan_id: UUID) -> ResponseReturnValue:
    plan = plans.get_staff_plan(plan_id, prices=False)
    if plan.review_id is not None:
        return redirect(url_for("reviews.show_review", review_id=plan.review_id), code=303)
    if plan.status != "agreed":
        return redirect(url_for("plans.show_plan", plan_id=plan_id), code=303)
    known = _known(plan, voice.latest_pupil_view(plan.pupil_id))
    return _page(plan, Form(_schema(plan), initial=known))


@reviews.post("/plans/<uuid:plan_id>/review")
@requires(Role.SENDCO)
def create_review(plan_id: UUID) -> ResponseReturnValue:
    plan = plans.get_staff_plan(plan_id, prices=False)
    form = Form(_schema(plan), request.form)
    if form.submit(partial(service.record_review, current_actor(), plans.load_plan(plan_id))):
        flash("The review has been saved. Now get the next plan ready.")
        return redirect(url_for("drafts.show_draft", plan_id=plans.open_plan_id(plan.pupil_id)), code=303)
    return _page(plan, form), 422


def _schema(plan: PlanView) -> Any:
    return review_schema(target.id for target in plan.targets)


def _known(plan: PlanView, view: PupilViewRead | None) -> dict[str, Any]:
    """What need not be typed: today, the usual time to the next review, and what the child said lately."""
    known: dict[str, Any] = {"held_on": today(), "next_review_on": today() + TIME_TO_REVIEW}
    known |= {f"next_{target.id}": FITTING for target in plan.targets}
    if view is not None and today() - view.said_on <= STILL_FRESH:
        known |= {"child_comment": view.words, "child_method": view.method}
    return known


def _page(plan: PlanView, form: Form) -> str:
    note_read("plan", pupil_id=plan.pupil_id)
    return render_template(
        "reviews/new.html",
        plan=plan,
        pupil=plan.pupil,
        form=form,
        outcomes=target_outcomes(today()),
        took_part=_items(PARENT_TOOK_PART),
        child_methods=_items(CHILD_METHODS),
    )


def _items(choices: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": code, "text": text[0].upper() + text[1:]} for code, text in choices.items()]
