"""The inbox of somebody who works at a school or for a locality."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.paging import page_number
from app.notifications import policy, queries, service
from app.web.access import current_actor, requires

inbox = Blueprint("inbox", __name__, template_folder="../templates")


@inbox.get("/messages")
@requires()
def list_notifications() -> ResponseReturnValue:
    actor = current_actor()
    return render_template(
        "notifications/staff.html",
        messages=queries.list_messages(
            actor.person_id, actor.audience, page_number(request.args.get("page"))
        ),
        not_sent=queries.list_not_sent() if policy.can_see_not_sent(actor) else [],
        can_see_not_sent=policy.can_see_not_sent(actor),
    )


@inbox.post("/messages/<uuid:notification_id>/reading")
@requires()
def create_reading(notification_id: UUID) -> ResponseReturnValue:
    """Opening is a POST: a page that was only fetched leaves no trace."""
    notification = queries.load_notification(notification_id)
    service.read(current_actor(), notification)
    return redirect(notification.path, code=303)
