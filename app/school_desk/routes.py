"""The first page of a school."""

from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from app.kernel.access import Role
from app.kernel.clock import today
from app.school_desk import queries
from app.school_desk.queries import Desk, Line, Waiting
from app.school_desk.queues import queues_for
from app.web.access import current_actor, requires

desk = Blueprint("desk", __name__, template_folder="templates")


@desk.get("/")
@requires()
def home() -> ResponseReturnValue:
    actor = current_actor()
    found = queries.get_desk(queues_for(actor.roles))
    begins = actor.has(Role.SCHOOL_ADMIN, Role.SENDCO) and not found.has_pupils
    return render_template(
        "school_desk/home.html",
        waiting=found.waiting,
        href=_href,
        today=today(),
        steps=_first_steps(found) if begins else None,
    )


def _href(waiting: Waiting, line: Line) -> str | None:
    endpoint = waiting.queue.endpoint
    if endpoint is None or endpoint not in current_app.view_functions:
        return None
    ids: dict[str, Any] = dict(line.ids)
    return url_for(endpoint, **ids)


def _first_steps(found: Desk) -> list[dict[str, Any]]:
    """What a new school does first, in this order; only the school admin can do most of it."""
    mine = current_actor().has(Role.SCHOOL_ADMIN)
    steps = (
        ("Check your school's details and term dates", "settings.show_school", None),
        ("Import your pupils", "roll.new_import", found.has_pupils),
        ("Invite your staff", "staff.list_staff", found.staff > 1),
    )
    return [_step(text, endpoint, done, mine=mine) for text, endpoint, done in steps]


def _step(text: str, endpoint: str, done: bool | None, *, mine: bool) -> dict[str, Any]:
    known = mine and endpoint in current_app.view_functions
    status = (
        {"text": "Completed"} if done else {"tag": {"text": "Not yet started", "classes": "govuk-tag--blue"}}
    )
    link = {"href": url_for(endpoint)} if known else {}
    return {"title": {"text": text}, "status": status, **link}
