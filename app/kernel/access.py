"""Who acts, in which capacity, and whether they may."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.kernel.errors import Forbidden


class Audience(StrEnum):
    """Who a request is for. Each has its own host, its own Flask app and its own PostgreSQL role."""

    FRONT = "front"
    SCHOOL = "school"
    LOCALITY = "locality"
    AGENCY = "agency"
    FAMILY = "family"


class Role(StrEnum):
    """What a person is at one tenant. Roles are read from the database for every request."""

    SENDCO = "sendco"
    CLASS_TEACHER = "class_teacher"
    TEACHING_ASSISTANT = "teaching_assistant"
    HEADTEACHER = "headteacher"
    DSL = "dsl"
    SCHOOL_ADMIN = "school_admin"
    CLERK = "clerk"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"
    AREA_SEND_LEAD = "area_send_lead"
    FINANCE = "finance"
    PROFESSIONAL = "professional"
    GUARDIAN = "guardian"


SCHOOL_ROLES = frozenset(
    {Role.SENDCO, Role.CLASS_TEACHER, Role.TEACHING_ASSISTANT, Role.HEADTEACHER, Role.DSL, Role.SCHOOL_ADMIN}
)
LOCALITY_ROLES = frozenset(
    {Role.CLERK, Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER, Role.AREA_SEND_LEAD, Role.FINANCE}
)
# Those who see the whole school's records; class staff see the pupils of their own classes.
RECORD_ROLES = frozenset({Role.SENDCO, Role.HEADTEACHER, Role.DSL})

ROLE_NAMES = {
    Role.SENDCO: "SENDCO",
    Role.CLASS_TEACHER: "Class teacher",
    Role.TEACHING_ASSISTANT: "Teaching assistant",
    Role.HEADTEACHER: "Headteacher",
    Role.DSL: "Safeguarding lead",
    Role.SCHOOL_ADMIN: "School admin",
    Role.CLERK: "Panel clerk",
    Role.CHAIR: "Panel chair",
    Role.VICE_CHAIR: "Panel vice-chair",
    Role.MEMBER: "Panel member",
    Role.AREA_SEND_LEAD: "Area SEND Lead",
    Role.FINANCE: "Finance",
    Role.PROFESSIONAL: "Professional",
    Role.GUARDIAN: "Parent or carer",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, in one tenant, for one audience. `scope_id` is the child link of a parent or the share of a guest."""

    person_id: UUID
    tenant_id: UUID | None
    audience: Audience
    roles: frozenset[Role]
    name: str
    scope_id: UUID | None = None

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def capacity(self) -> str:
        """In which role they act, in words: the first of theirs in the order of the enum."""
        return next((ROLE_NAMES[role] for role in Role if role in self.roles), "")


def authorise(actor: Actor, may: Callable[..., bool], *things: Any) -> None:
    """Raises Forbidden unless the policy says that this person may ever do this."""
    if not may(actor, *things):
        raise Forbidden
