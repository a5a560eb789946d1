"""Pages on which a school admin or a clerk keeps the staff."""

from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import policy, queries
from app.accounts.schemas import InvitationSchema, NewRolesSchema
from app.accounts.service import invitations, members
from app.kernel.access import ROLE_NAMES, Role
from app.web.access import current_actor, requires
from app.web.forms import Form

staff = Blueprint("staff", __name__, url_prefix="/staff", template_folder="../templates")

KEEPS_STAFF = (Role.SCHOOL_ADMIN, Role.CLERK)


@staff.get("")
@requires(*KEEPS_STAFF)
def list_staff() -> ResponseReturnValue:
    return render_template("accounts/staff/list.html", people=queries.list_staff(), me=current_actor())


@staff.get("/new")
@requires(*KEEPS_STAFF)
def new_invitation() -> ResponseReturnValue:
    return render_template("accounts/staff/new.html", form=Form(InvitationSchema()), roles=_roles())


@staff.post("")
@requires(*KEEPS_STAFF)
def create_invitation() -> ResponseReturnValue:
    form = Form(InvitationSchema(), request.form)
    if form.submit(partial(invitations.invite, current_actor())):
        flash("The invitation is on its way. The link in it works for 7 days.")
        return _to_list()
    return render_template("accounts/staff/new.html", form=form, roles=_roles()), 422


@staff.get("/<uuid:membership_id>")
@requires(*KEEPS_STAFF)
def show_member(membership_id: UUID) -> ResponseReturnValue:
    return _member_page(membership_id)


@staff.post("/<uuid:membership_id>/invitation")
@requires(*KEEPS_STAFF)
def update_invitation(membership_id: UUID) -> ResponseReturnValue:
    membership, waiting = queries.load_membership(membership_id), queries.load_invitation(membership_id)
    invitations.send_again(current_actor(), membership, waiting)
    flash("The invitation is on its way again. The link in it works for another 7 days.")
    return _to_list()


@staff.post("/<uuid:membership_id>/invitation/cancellation")
@requires(*KEEPS_STAFF)
def create_cancellation(membership_id: UUID) -> ResponseReturnValue:
    membership, waiting = queries.load_membership(membership_id), queries.load_invitation(membership_id)
    invitations.cancel(current_actor(), membership, waiting)
    flash("The invitation is cancelled. Its link no longer works.")
    return _to_list()


@staff.get("/<uuid:membership_id>/roles")
@requires(*KEEPS_STAFF)
def edit_roles(membership_id: UUID) -> ResponseReturnValue:
    person = queries.get_staff(membership_id)
    chosen = [role.value for role in person.roles]
    form = Form(NewRolesSchema(), initial={"roles": chosen, "version": person.version})
    return render_template("accounts/staff/roles.html", person=person, form=form, roles=_roles())


@staff.post("/<uuid:membership_id>/roles")
@requires(*KEEPS_STAFF)
def update_roles(membership_id: UUID) -> ResponseReturnValue:
    membership = queries.load_membership(membership_id)
    form = Form(NewRolesSchema(), request.form)
    if form.submit(partial(members.change_roles, current_actor(), membership)):
        flash("The roles are changed. They count from the next page that this person opens.")
        return redirect(url_for("staff.show_member", membership_id=membership_id), code=303)
    person = queries.get_staff(membership_id)
    status = 409 if form.stale else 422
    if form.stale:
        form.values["version"] = person.version
    return render_template("accounts/staff/roles.html", person=person, form=form, roles=_roles()), status


@staff.get("/<uuid:membership_id>/ending")
@requires(*KEEPS_STAFF)
def new_ending(membership_id: UUID) -> ResponseReturnValue:
    return render_template("accounts/staff/ending.html", person=queries.get_staff(membership_id))


@staff.post("/<uuid:membership_id>/ending")
@requires(*KEEPS_STAFF)
def create_ending(membership_id: UUID) -> ResponseReturnValue:
    members.end_membership(current_actor(), queries.load_membership(membership_id))
    flash("Their access has ended, and they are signed out here.")
    return _to_list()


@staff.get("/<uuid:membership_id>/second-factor-reset")
@requires(*KEEPS_STAFF)
def new_second_factor_reset(membership_id: UUID) -> ResponseReturnValue:
    return render_template("accounts/staff/second_factor.html", person=queries.get_staff(membership_id))


@staff.post("/<uuid:membership_id>/second-factor-reset")
@requires(*KEEPS_STAFF)
def create_second_factor_reset(membership_id: UUID) -> ResponseReturnValue:
    members.reset_second_factor(current_actor(), queries.load_membership(membership_id))
    flash("They can set up a new phone when they next sign in. We have told them by e-mail.")
    return redirect(url_for("staff.show_member", membership_id=membership_id), code=303)


def _member_page(membership_id: UUID) -> str:
    person, me = queries.get_staff(membership_id), current_actor()
    return render_template(
        "accounts/staff/member.html", person=person, is_me=person.person_id == me.person_id
    )


def _roles() -> list[dict[str, str]]:
    offered = policy.ROLES[current_actor().audience]
    return [{"value": role.value, "text": ROLE_NAMES[role]} for role in Role if role in offered]


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("staff.list_staff"), code=303)
