"""Who looks: people of one partnership as PostgreSQL knows them, bound as the web or worker would bind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from tests.isolation.furnished import Furnished
from tests.world import Organisation, Somebody

STAFF = (
    *("sendco", "teacher", "assistant", "head", "dsl", "admin"),
    *("clerk", "chair", "vice_chair", "member", "conflicted_member", "area_lead", "finance"),
)
GUARDIANS = {
    "mother": ("mother", "amara"),
    "mother at the other school": ("mother", "noor"),
    "carer": ("carer", "amara"),
    "barred": ("barred", "idris"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody as PostgreSQL knows them: role, tenant, person, roles, scope."""

    label: str
    role: str
    tenant_id: UUID | None
    person_id: UUID | None
    roles: str
    scope_id: UUID | None = None


def actors(furnished: Furnished) -> list[Actor]:
    w = furnished.world
    made = [_member(name.removesuffix("_member"), getattr(w, name)) for name in STAFF]
    for label, (name, child) in GUARDIANS.items():
        school, who = w.millbrook if child == "noor" else w.larkrise, getattr(w, name)
        made.append(Actor(label, "send_family", school.id, who.id, "guardian", who.links[child]))
    made.append(Actor("mother between schools", "send_family", None, w.mother.id, "guardian"))
    for label in ("referral amara", "withdrawn amara"):
        professional = (w.ashmere.id, w.professional.id, "professional", furnished.shares[label])
        made.append(Actor(f"agency {label}", "send_agency", *professional))
    for label, place in (("school", w.larkrise), ("locality", w.thornbeck), ("agency", w.ashmere)):
        made.append(Actor(f"system {label}", "send_system", place.id, None, ""))
    return made


def _member(label: str, who: Somebody) -> Actor:
    assert isinstance(who.at, Organisation)
    roles = ",".join(sorted(role.value for role in who.roles))
    return Actor(label, f"send_{who.at.kind}", who.at.id, who.id, roles)


@contextmanager
def acting(connection: Connection, actor: Actor) -> Iterator[Connection]:
    """As the web or worker would bind it; the administrator again afterwards."""
    settings = {
        "app.tenant_id": actor.tenant_id,
        "app.person_id": actor.person_id,
        "app.scope_id": actor.scope_id,
        "app.roles": actor.roles,
        "role": actor.role,
    }
    for name, value in settings.items():
        connection.execute(
            text("select set_config(:name, :value, true)"),
            {"name": name, "value": str(value) if value else ""},
        )
    yield connection
    connection.execute(text("set local role none"))
