"""Pages about the adults of a pupil, and who of them may see the record."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.ids import new_id
from app.pupils import contact_queries, policy
from app.pupils import queries as pupils
from app.pupils.contact_queries import ContactCard
from app.pupils.models import Access
from app.pupils.schemas import ContactSchema, LookedSchema, NothingSchema
from app.pupils.service import contacts, portal
from app.web.access import current_actor, requires
from app.web.forms import Form
from app.web.reads import note_read

guardians = Blueprint(
    "guardians", __name__, url_prefix="/pupils/<uuid:pupil_id>", template_folder="../templates"
)

STATUS_NAMES = {
    Access.PENDING: "Waiting for a second look",
    Access.ACTIVE: "Can use the family portal",
    Access.RESTRICTED: "Access restricted",
    Access.BARRED: "Access stopped",
}


@guardians.get("/guardians")
@requires(*policy.SEES_CONTACTS)
def list_guardians(pupil_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    pupil = pupils.get_pupil(pupil_id)
    note_read("contacts", pupil_id=pupil_id)
    return render_template(
        "pupils/guardians/list.html",
        pupil=pupil,
        contacts=contact_queries.contacts_of(pupil_id),
        status_names=STATUS_NAMES,
        can_add=policy.can_keep_roll(actor),
        can_change=policy.can_change_contact(actor),
        can_invite=policy.can_confirm_guardian(actor),
        can_change_access=policy.can_change_access(actor),
    )


@guardians.get("/contacts/new")
@requires(*policy.KEEPS_ROLL)
def new_contact(pupil_id: UUID) -> ResponseReturnValue:
    form = Form(ContactSchema(), initial={"priority": contacts.priority_for_next(pupil_id)})
    return render_template("pupils/guardians/new_contact.html", pupil=pupils.get_pupil(pupil_id), form=form)


@guardians.post("/contacts")
@requires(*policy.KEEPS_ROLL)
def create_contact(pupil_id: UUID) -> ResponseReturnValue:
    pupil = pupils.load_pupil(pupil_id)
    form = Form(ContactSchema(), request.form)
    if form.submit(partial(contacts.add_contact, current_actor(), pupil)):
        flash("Contact added.")
        return redirect(url_for(".list_guardians", pupil_id=pupil_id), code=303)
    pupil_card = pupils.get_pupil(pupil_id)
    return render_template("pupils/guardians/new_contact.html", pupil=pupil_card, form=form), 422


@guardians.get("/contacts/<uuid:contact_id>/edit")
@requires(*policy.SEES_CONTACTS)
def edit_contact(pupil_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    contact = contact_queries.get_contact(pupil_id, contact_id)
    return _contact_page(pupil_id, contact, Form(ContactSchema(), initial=_answers(contact)))


@guardians.post("/contacts/<uuid:contact_id>")
@requires(*policy.SEES_CONTACTS)
def update_contact(pupil_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    contact = contact_queries.load_contact(pupil_id, contact_id)
    form = Form(ContactSchema(), request.form)
    if form.submit(partial(contacts.change_contact, current_actor(), contact)):
        flash("Saved.")
        return redirect(url_for(".list_guardians", pupil_id=pupil_id), code=303)
    theirs = contact_queries.get_contact(pupil_id, contact_id)
    if form.stale:
        form.values["version"] = theirs.version
        return _contact_page(pupil_id, theirs, form, theirs=theirs), 409
    return _contact_page(pupil_id, theirs, form), 422


@guardians.post("/contacts/<uuid:contact_id>/removal")
@requires(*policy.SEES_CONTACTS)
def create_removal(pupil_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    contacts.end_contact(current_actor(), contact_queries.load_contact(pupil_id, contact_id))
    flash("They are no longer a contact. What they said before is kept.")
    return redirect(url_for(".list_guardians", pupil_id=pupil_id), code=303)


@guardians.get("/contacts/<uuid:contact_id>/invitation/new")
@requires(*policy.CONFIRMS_GUARDIANS)
def new_invitation(pupil_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    contact = contact_queries.get_contact(pupil_id, contact_id)
    return _invitation_page(pupil_id, contact, Form(NothingSchema()))


@guardians.post("/contacts/<uuid:contact_id>/invitation")
@requires(*policy.CONFIRMS_GUARDIANS)
def create_invitation(pupil_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    form, link_id = Form(NothingSchema(), request.form), new_id()
    if form.submit(partial(portal.invite, current_actor(), pupil_id, contact_id, link_id)):
        there = url_for(".new_confirmation", pupil_id=pupil_id, contact_id=contact_id)
        return redirect(there, code=303)
    return _invitation_page(pupil_id, contact_queries.get_contact(pupil_id, contact_id), form), 422


@guardians.get("/contacts/<uuid:contact_id>/confirmation/new")
@requires(*policy.CONFIRMS_GUARDIANS)
def new_confirmation(pupil_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    return _confirmation_page(pupil_id, contact_id, Form(LookedSchema()))


@guardians.post("/contacts/<uuid:contact_id>/confirmation")
@requires(*policy.CONFIRMS_GUARDIANS)
def create_confirmation(pupil_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    link = contact_queries.load_link_of(pupil_id, contact_id)
    form = Form(LookedSchema(), request.form)
    if form.submit(partial(portal.confirm, current_actor(), link)):
        flash("They can use the family portal now. We have sent them a mail that says where to go.")
        return redirect(url_for(".list_guardians", pupil_id=pupil_id), code=303)
    return _confirmation_page(pupil_id, contact_id, form), 422


def _contact_page(pupil_id: UUID, contact: ContactCard, form: Form, **more: Any) -> str:
    note_read("contacts", pupil_id=pupil_id)
    pupil = pupils.get_pupil(pupil_id)
    return render_template(
        "pupils/guardians/edit_contact.html", pupil=pupil, contact=contact, form=form, **more
    )


def _invitation_page(pupil_id: UUID, contact: ContactCard, form: Form) -> str:
    note_read("contacts", pupil_id=pupil_id)
    pupil = pupils.get_pupil(pupil_id)
    return render_template("pupils/guardians/invitation.html", pupil=pupil, contact=contact, form=form)


def _confirmation_page(pupil_id: UUID, contact_id: UUID, form: Form) -> str:
    note_read("contacts", pupil_id=pupil_id)
    pupil, look = pupils.get_pupil(pupil_id), contact_queries.look_at(pupil_id, contact_id)
    return render_template("pupils/guardians/confirmation.html", pupil=pupil, look=look, form=form)


def _answers(contact: ContactCard) -> dict[str, Any]:
    names = ("name", "relationship", "email", "phone", "priority", "version")
    held: dict[str, Any] = {name: getattr(contact, name) for name in names}
    return held | {"parental_responsibility": "yes" if contact.parental_responsibility else "no"}
