"""The first page of a locality."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.funds import policy as money
from app.funds import queries as funds
from app.kernel.access import Role
from app.locality_desk import queries
from app.panels import policy
from app.web.access import current_actor, requires

desk = Blueprint("desk", __name__, template_folder="templates")


@desk.get("/")
@requires()
def home() -> ResponseReturnValue:
    actor = current_actor()
    return render_template(
        "locality_desk/home.html",
        desk=queries.get_desk(),
        funds=funds.list_funds() if money.can_read(actor) else None,
        panel=policy.can_read(actor),
        keeps=policy.can_keep_agenda(actor),
        votes=policy.can_vote(actor),
        leads=actor.has(Role.AREA_SEND_LEAD),
        pays=money.can_keep(actor),
    )
