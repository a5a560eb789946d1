"""What follows from plans: the family is told of what it can read and of what ends, the school of their answers."""

from uuid import UUID

from app.accounts import queries as accounts
from app.kernel.access import Role
from app.notifications import service as notifications
from app.plans import queries
from app.plans.events import PlanAgreed, PlanChangesAsked, PlanEnded, PlanShared
from app.plans.models import Plan, Status
from app.pupils import queries as pupils
from tenants import context
from workers.errand import Errand


def tell_family_of_plan(event: PlanShared, _: Errand) -> None:
    """Everybody with access to the child in the portal, alike; nobody when it was taken back or ended meanwhile."""
    plan = queries.find_plan(event.plan_id)
    if plan is None or plan.status not in (Status.SHARED, Status.AGREED):
        return
    tell_guardians("plan_shared", plan.pupil_id)


def tell_school_of_agreement(event: PlanAgreed, _: Errand) -> None:
    _tell_school("plan_agreed", queries.find_plan(event.plan_id))


def tell_school_of_changes_asked(event: PlanChangesAsked, _: Errand) -> None:
    _tell_school("plan_changes_asked", queries.find_plan(event.plan_id))


def tell_family_of_end(event: PlanEnded, _: Errand) -> None:
    """Everybody with access alike, on the way to the plan and the reason; to the child, if it was taken back before."""
    plan = queries.find_plan(event.plan_id)
    if plan is not None:
        tell_guardians("plan_ended", plan.pupil_id, f"/plans/{plan.id}" if plan.shared_at else "")


def tell_school_of_end(event: PlanEnded, _: Errand) -> None:
    _tell_school("plan_ended", queries.find_plan(event.plan_id))


def tell_guardians(kind: str, pupil_id: UUID, page: str = "/plan") -> None:
    """Each on the way to a page under their own child."""
    for guardian in pupils.guardians_of(pupil_id):
        path = f"/children/{guardian.link_id}{page}"
        notifications.tell([guardian.person_id], kind, path, audience="family", pupil_id=pupil_id)


def responsible_for(pupil_id: UUID) -> set[UUID]:
    """The SENDCO and the class teachers of a pupil."""
    teachers = {member.person_id for member in accounts.members_with(Role.CLASS_TEACHER)}
    sendcos = {member.person_id for member in accounts.members_with(Role.SENDCO)}
    return sendcos | (teachers & set(pupils.class_staff_of(pupil_id)))


def _tell_school(kind: str, plan: Plan | None) -> None:
    """Whoever wrote the answer down knows it already."""
    if plan is None:
        return
    people = responsible_for(plan.pupil_id) - {context.current().person_id}
    notifications.tell(sorted(people), kind, f"/plans/{plan.id}", audience="school", pupil_id=plan.pupil_id)
