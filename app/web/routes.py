"""Pages that every host has: health, static files, the tenant's colour, and what we say about ourselves."""

import re
from datetime import timedelta
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.web import kept_forms
from app.web.access import open_to_all, requires
from app.web.site import BUILD
from infrastructure.database.door import at_the_door

web = Blueprint("web", __name__, template_folder="templates")

TOPICS = ("privacy", "cookies", "accessibility", "help")
A_YEAR = "public, max-age=31536000, immutable"


@web.get("/healthz")
@open_to_all
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@web.get("/readyz")
@open_to_all
def readyz() -> ResponseReturnValue:
    """The process and what it cannot do without."""
    with at_the_door() as door:
        door.execute(text("select 1"))
    current_app.config["ADAPTERS"].storage.ping()
    return {"status": "ready"}


@web.get("/static/<digest>/<path:name>")
@open_to_all
def static_file(digest: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - the digest is for the browser
    response = send_from_directory(BUILD, name)
    response.headers["Cache-Control"] = A_YEAR
    return response


@web.get("/theme/<colour>.css")
@open_to_all
def theme(colour: str) -> ResponseReturnValue:
    """The school's colour as a stylesheet: inline styles are not allowed anywhere."""
    if not re.fullmatch(r"[0-9a-f]{6}", colour):
        abort(404)
    response = Response(f":root{{--app-brand:#{colour}}}", mimetype="text/css")
    response.headers["Cache-Control"] = A_YEAR
    return response


@web.get("/about/<topic>")
@open_to_all
def about(topic: str) -> ResponseReturnValue:
    if topic not in TOPICS:
        abort(404)
    return render_template(f"web/about/{topic}.html")


@web.post("/session-extension")
@requires()
def extend_session() -> ResponseReturnValue:
    """Being here is enough: the request itself renews the session. Back to the page without JavaScript."""
    if request.headers.get("Accept") == "application/json":
        return make_response("", 204)
    return redirect("/", code=303)


@web.get("/kept-forms/<uuid:kept_id>")
@requires()
def show_kept_form(kept_id: UUID) -> ResponseReturnValue:
    kept = kept_forms.find(kept_id)
    until = kept.kept_at + timedelta(days=1)
    return render_template("web/kept_form.html", kept=kept, until=until, field=kept_forms.FIELD)


@web.post("/kept-forms/<uuid:kept_id>/removal")
@requires()
def remove_kept_form(kept_id: UUID) -> ResponseReturnValue:
    kept_forms.drop(kept_forms.find(kept_id).id)
    flash("Thrown away.")
    return redirect("/", code=303)
