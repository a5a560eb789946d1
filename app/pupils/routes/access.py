"""Pages on which the headteacher and the safeguarding lead stop a guardian's access, or give it back."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.pupils import contact_queries, policy
from app.pupils import queries as pupils
from app.pupils.models import Access
from app.pupils.routes.guardians import STATUS_NAMES
from app.pupils.schemas import ProposalSchema
from app.pupils.service import access
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

access_changes = Blueprint(
    "access_changes", __name__, url_prefix="/pupils/<uuid:pupil_id>", template_folder="../templates"
)

WORDS = {
    Access.BARRED: "Stop all access",
    Access.RESTRICTED: "Restrict access: they get the yearly report on paper only",
    Access.ACTIVE: "Give access again",
}


@access_changes.get("/guardians/<uuid:link_id>/access")
@requires(*policy.LEADS)
def show_access(pupil_id: UUID, link_id: UUID) -> ResponseReturnValue:
    return _access_page(pupil_id, link_id, Form(ProposalSchema()))


@access_changes.post("/guardians/<uuid:link_id>/access-changes")
@requires(*policy.LEADS)
def create_access_change(pupil_id: UUID, link_id: UUID) -> ResponseReturnValue:
    form = Form(ProposalSchema(), request.form)
    link = contact_queries.load_guardianship(pupil_id, link_id)
    if form.submit(partial(access.propose, current_actor(), link)):
        flash("Saved. The other of you two, headteacher or safeguarding lead, has been asked to confirm it.")
        return redirect(url_for(".show_access", pupil_id=pupil_id, link_id=link_id), code=303)
    return _access_page(pupil_id, link_id, form), 422


@access_changes.post("/access-changes/<uuid:change_id>/confirmation")
@requires(*policy.LEADS)
def confirm_access_change(pupil_id: UUID, change_id: UUID) -> ResponseReturnValue:
    change = contact_queries.load_change(pupil_id, change_id)
    access.confirm(current_actor(), change)
    flash("Confirmed.")
    return redirect(url_for(".show_access", pupil_id=pupil_id, link_id=change.guardianship_id), code=303)


@access_changes.post("/access-changes/<uuid:change_id>/withdrawal")
@requires(*policy.LEADS)
def withdraw_access_change(pupil_id: UUID, change_id: UUID) -> ResponseReturnValue:
    change = contact_queries.load_change(pupil_id, change_id)
    access.take_back(current_actor(), change)
    flash("Taken back. Nothing has changed.")
    return redirect(url_for(".show_access", pupil_id=pupil_id, link_id=change.guardianship_id), code=303)


def _access_page(pupil_id: UUID, link_id: UUID, form: Form) -> str:
    note_read("contacts", pupil_id=pupil_id, safeguarding=True)
    page = contact_queries.get_access(pupil_id, link_id)
    choices = [
        {"value": status.value, "text": text}
        for status, text in WORDS.items()
        if status is not page.status and not (page.status is Access.PENDING and status is Access.ACTIVE)
    ]
    return render_template(
        "pupils/guardians/access.html",
        pupil=pupils.get_pupil(pupil_id),
        page=page,
        form=form,
        choices=choices,
        words=WORDS,
        status_names=STATUS_NAMES,
        me=current_actor().person_id,
    )
