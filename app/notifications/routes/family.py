"""The inbox of a parent or carer: messages about one child, below that child's page."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.access import Actor, Audience
from app.kernel.errors import NotFound
from app.kernel.paging import page_number
from app.notifications import queries, service
from app.web.access import current_actor, requires

inbox = Blueprint("inbox", __name__, template_folder="../templates")


@inbox.get("/children/<uuid:child_id>/messages")
@requires()
def list_notifications(child_id: UUID) -> ResponseReturnValue:
    actor = _guardian(child_id)
    number = page_number(request.args.get("page"))
    messages = queries.list_messages(actor.person_id, Audience.FAMILY, number, child_id=child_id)
    return render_template("notifications/family.html", child_id=child_id, messages=messages)


@inbox.post("/children/<uuid:child_id>/messages/<uuid:notification_id>/reading")
@requires()
def create_reading(child_id: UUID, notification_id: UUID) -> ResponseReturnValue:
    notification = queries.load_notification(notification_id)
    service.read(_guardian(child_id), notification)
    return redirect(notification.path, code=303)


def _guardian(child_id: UUID) -> Actor:
    """Raises NotFound for a link that is not theirs: the session is then bound to no school."""
    actor = current_actor()
    if actor.scope_id != child_id:
        raise NotFound
    return actor
