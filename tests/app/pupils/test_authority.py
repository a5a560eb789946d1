"""Who may keep pupils and the adults around them, whatever page they come from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.kernel.access import Actor
from app.kernel.clock import today
from app.pupils import contact_queries, queries
from app.pupils.models import AccessChange, Contact, Guardianship, Pupil, RollImport
from app.pupils.service import access, contacts, portal, register, roll
from app.pupils.service.access import Proposal
from app.pupils.service.contacts import ContactAnswers
from app.pupils.service.portal import Looked, Nothing
from app.pupils.service.register import Departure, PupilAnswers
from app.pupils.service.roll import Answered
from infrastructure.database.ids import new_id
from tests.builders import guardians
from tests.builders.refusing import refused
from tests.world import World

GRAN = ContactAnswers(name="Ada Vale", parental_responsibility="no")
TEDDY = PupilAnswers(
    legal_surname="Rusk", legal_forenames="Theodore", born_on=today().replace(year=2017, day=1),
    year_group="4", sen_provision="K",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """What the pages of the head would have found."""

    pupil: Pupil
    contact: Contact
    link: Guardianship
    change: AccessChange


Deed = Callable[[Actor, Record], Any]
OF_THE_LEADS: dict[str, Deed] = {
    "propose": lambda actor, of: access.propose(actor, of.link, Proposal("active", guardians.REASON)),
    "confirm": lambda actor, of: access.confirm(actor, of.change),
    "take back": lambda actor, of: access.take_back(actor, of.change),
}
OF_WHO_CHECKS_PEOPLE: dict[str, Deed] = {
    "invite": lambda actor, of: portal.invite(actor, of.pupil.id, of.contact.id, new_id(), Nothing()),
    "let in": lambda actor, of: portal.confirm(actor, of.link, Looked("yes")),
}
OF_WHO_KEEPS_THE_ROLL: dict[str, Deed] = {
    "add": lambda actor, _: register.add_pupil(actor, new_id(), TEDDY),
    "change": lambda actor, of: register.change_pupil(actor, of.pupil, TEDDY),
    "departure": lambda actor, of: register.record_departure(actor, of.pupil, Departure(today())),
    "return": lambda actor, of: register.record_return(actor, of.pupil),
    "add adult": lambda actor, of: contacts.add_contact(actor, of.pupil, GRAN),
}
OF_WHO_KEEPS_CONTACTS: dict[str, Deed] = {
    "change adult": lambda actor, of: contacts.change_contact(actor, of.contact, GRAN),
    "end adult": lambda actor, of: contacts.end_contact(actor, of.contact),
}
OF_THE_ADMIN: dict[str, Callable[[Actor], Any]] = {
    "file": lambda actor: roll.hold_file(actor, new_id(), b"x"),
    "import": lambda actor: roll.confirm_import(actor, RollImport(rows=[]), Answered("x")),
    "export": roll.export_roll,
}


@pytest.fixture
def record(world: World) -> Record:
    guardians.propose(world, world.dsl, world.father, "barred")
    pupil_id, link_id = world.amara.id, guardians.link(world, world.father)
    change_id = world.scalar("select id from access_change where guardianship_id = %s", link_id)
    with world.acting(world.head):
        link = contact_queries.load_guardianship(pupil_id, link_id)
        contact = contact_queries.load_contact(pupil_id, link.contact_id)
        change = contact_queries.load_change(pupil_id, change_id)
        return Record(queries.load_pupil(pupil_id), contact, link, change)


@pytest.mark.parametrize("deed", OF_THE_LEADS)
def test_only_the_two_leads_move_access_even_past_the_pages(world: World, record: Record, deed: str) -> None:
    others = [world.sendco, world.admin, world.teacher, world.assistant]
    refused(world, others, lambda actor: OF_THE_LEADS[deed](actor, record))


@pytest.mark.parametrize("deed", OF_WHO_CHECKS_PEOPLE)
def test_nobody_else_lets_an_adult_in_even_past_the_pages(world: World, record: Record, deed: str) -> None:
    others = [world.admin, world.teacher, world.assistant]
    refused(world, others, lambda actor: OF_WHO_CHECKS_PEOPLE[deed](actor, record))


@pytest.mark.parametrize("deed", OF_WHO_KEEPS_THE_ROLL)
def test_nobody_else_keeps_the_roll_even_past_the_pages(world: World, record: Record, deed: str) -> None:
    others = [world.head, world.dsl, world.teacher, world.assistant]
    refused(world, others, lambda actor: OF_WHO_KEEPS_THE_ROLL[deed](actor, record))


@pytest.mark.parametrize("deed", OF_WHO_KEEPS_CONTACTS)
def test_nobody_who_teaches_changes_a_contact_even_past_the_pages(
    world: World, record: Record, deed: str
) -> None:
    others = [world.teacher, world.assistant]
    refused(world, others, lambda actor: OF_WHO_KEEPS_CONTACTS[deed](actor, record))


@pytest.mark.parametrize("deed", OF_THE_ADMIN)
def test_only_the_admin_brings_the_roll_in_or_takes_it_out_even_past_the_pages(
    world: World, deed: str
) -> None:
    refused(world, [world.sendco, world.head, world.dsl, world.teacher], OF_THE_ADMIN[deed])
