"""Two furnished partnerships to walk on: what is ours, what is a stranger's, and who walks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from app.kernel.access import Audience, Role
from tests.builders.plans import agreed_plan, shared_plan
from tests.isolation import furnishing
from tests.isolation.furnished import Furnished, furnish
from tests.isolation.furnishing import Ids, furnisher
from tests.isolation.probing import Address, Knocker, Stranger, addresses
from tests.services import TestDatabase
from tests.world import Somebody, World

THEIR_WORDS = ("Zuleika", "Quarrington", "Wexcombe")
OTHER_SCHOOL_WORDS = ("Noor", "Hadley")
STAFF = {
    Role.SENDCO: "sendco",
    Role.CLASS_TEACHER: "teacher",
    Role.TEACHING_ASSISTANT: "assistant",
    Role.HEADTEACHER: "head",
    Role.DSL: "dsl",
    Role.SCHOOL_ADMIN: "admin",
    Role.CLERK: "clerk",
    Role.CHAIR: "chair",
    Role.VICE_CHAIR: "vice_chair",
    Role.MEMBER: "member",
    Role.AREA_SEND_LEAD: "area_lead",
    Role.FINANCE: "finance",
    Role.GUARDIAN: "mother",
    Role.PROFESSIONAL: "professional",
}
BY_AUDIENCE = {
    Audience.SCHOOL: list(Role)[:6],
    Audience.LOCALITY: list(Role)[6:12],
    Audience.FAMILY: [Role.GUARDIAN],
    Audience.AGENCY: [Role.PROFESSIONAL],
}
EVERYBODY = [(audience, role) for audience, roles in BY_AUDIENCE.items() for role in roles]


@dataclass(frozen=True)
class Ground:
    world: World
    own: dict[Audience, Ids]
    strangers: dict[Audience, list[Stranger]]
    another_class: Stranger

    def strangers_to(self, audience: Audience, role: Role) -> list[Stranger]:
        """Class staff have no business with a child of another class of their own school."""
        with_class = role in (Role.CLASS_TEACHER, Role.TEACHING_ASSISTANT)
        return [*self.strangers[audience], *([self.another_class] if with_class else [])]

    def knocker(self, role: Role) -> Knocker:
        who: Somebody = getattr(self.world, STAFF[role])
        return Knocker(self.world, who, self.share_id if role is Role.PROFESSIONAL else None)

    @property
    def share_id(self) -> UUID:
        """What the professional's session is about."""
        return self.own[Audience.AGENCY]["share_id"]

    def closed_addresses(self, audience: Audience, role: Role) -> list[Address]:
        """Those behind a sign-in that this role may open."""
        app = self.world.database.hosts.apps[audience]
        found = [address for address in addresses(app) if not address.open]
        return [address for address in found if not address.roles or role in address.roles]


@contextmanager
def two_partnerships(database: TestDatabase) -> Iterator[Ground]:
    with furnisher(database) as steady:
        ours, theirs = furnish(World(steady)), furnish(World(steady))
        made = _walk(ours, theirs)
    ours.world.database = theirs.world.database = database
    yield made
    ours.world.lay_down()


def _walk(f: Furnished, t: Furnished) -> Ground:
    w, own = f.world, f.school["amara"]
    # What a plan's own pages need beyond its draft: one that the family has been shown, and one that they agreed.
    own["reviews.plan_id"], own["agreements.plan_id"] = agreed_plan(w, w.ilyas), shared_plan(w, w.ilyas)
    ground = Ground(
        w,
        {
            Audience.SCHOOL: own,
            Audience.LOCALITY: f.panel["noor"],
            Audience.FAMILY: furnishing.family(w, w.larkrise, w.amara, w.mother, "amara", own),
            Audience.AGENCY: f.agency["amara"],
        },
        {
            Audience.SCHOOL: _strangers_of_a_school(f, t),
            Audience.LOCALITY: _strangers_of_a_panel(f, t),
            Audience.FAMILY: _strangers_of_a_family(f, t),
            Audience.AGENCY: [
                Stranger("another referral", f.agency["idris"], ("Idris", "Bex")),
                Stranger("another partnership", t.agency["amara"], THEIR_WORDS),
            ],
        },
        Stranger("another class", f.school["idris"], ("Idris", "Bex")),
    )
    _mark(t.world)
    return ground


def _strangers_of_a_school(f: Furnished, t: Furnished) -> list[Stranger]:
    sibling = f.school["idris"]
    return [
        Stranger("the other school", f.school["noor"], OTHER_SCHOOL_WORDS),
        Stranger("another partnership", t.school["amara"], THEIR_WORDS),
        Stranger("a colleague's", _only(sibling, "notification_id", "session_id", "kept_id", "import_id")),
        Stranger("another child's", sibling, partly=True),
    ]


def _strangers_of_a_panel(f: Furnished, t: Furnished) -> list[Stranger]:
    other = f.panel["idris"]
    return [
        Stranger("another partnership", t.panel["noor"], THEIR_WORDS),
        Stranger("a colleague's", _only(other, "notification_id", "session_id", "kept_id")),
        Stranger("another item's", _only(other, "document_id", "entry_id"), partly=True),
    ]


def _strangers_of_a_family(f: Furnished, t: Furnished) -> list[Stranger]:
    w, far = f.world, t.world
    neighbours = furnishing.family(w, w.larkrise, w.idris, w.other_mother, "idris", f.school["idris"])
    father = furnishing.family(w, w.larkrise, w.amara, w.father, "amara", f.school["amara"])
    elsewhere = furnishing.family(far, far.larkrise, far.amara, far.mother, "amara", t.school["amara"])
    return [
        Stranger("another family", neighbours, ("Idris", "Bex")),
        Stranger("another partnership", elsewhere, THEIR_WORDS),
        Stranger("the other parent", _only(father, "child_id", "notification_id", "session_id", "kept_id")),
    ]


def _only(ids: Ids, *names: str) -> Ids:
    return {name: ids[name] for name in names}


def _mark(world: World) -> None:
    """Words that stand nowhere but in their rows."""
    named = (
        "update pupil set preferred_forename = 'Zuleika', legal_surname = 'Quarrington' where tenant_id = %s"
    )
    for place in (world.larkrise, world.millbrook):
        world.execute(named, place.id)
        world.execute("update tenant set name = 'Wexcombe Primary' where id = %s", place.id)
