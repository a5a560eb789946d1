"""What is done around a child only at its moment, and the answers that cannot be taken."""

from typing import Any

import pytest

from app.kernel.clock import now, today
from app.kernel.errors import Conflict
from app.pupils.models import RollImport
from tests.app.pupils.test_contacts import carers_contact
from tests.app.pupils.test_register import edited
from tests.builders.guardians import REASON, link, propose, status
from tests.builders.pupils import contact
from tests.world import World


def test_proposing_the_same_twice_is_a_conflict_and_the_first_still_waits(world: World) -> None:
    propose(world, world.dsl, world.father, "barred")
    assert propose(world, world.head, world.father, "active") == 303
    path = f"/pupils/{world.amara.id}/guardians/{link(world, world.father)}/access-changes"
    again = world.browser(world.dsl).post(path, {"to_status": "active", "reason": REASON})
    assert again.status_code == 409
    assert "has been proposed already and waits for the other lead" in again.text
    assert status(world, world.father) == "barred"


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("", "This person uses the family portal with it"),
        ("{father}", "Another contact of this pupil uses this email address and the family portal"),
    ],
)
def test_a_guardian_keeps_a_mailbox_of_their_own(world: World, email: str, sentence: str) -> None:
    path, answers = carers_contact(world, email=email.format(father=world.father.email))
    page = world.browser(world.sendco).post(path, answers)
    assert page.status_code == 422
    assert sentence in page.text
    assert status(world, world.carer) == "active"


def test_the_second_look_finds_a_mailbox_that_is_shared_by_now(world: World) -> None:
    made = contact(world, world.amara, "Ada Vale", email="ada@home.example")
    sendco, path = world.browser(world.sendco), f"/pupils/{world.amara.id}/contacts/{made}"
    assert sendco.post(f"{path}/invitation").status_code == 303
    contact(world, world.amara, "Ben Vale", email="ada@home.example")
    page = sendco.post(f"{path}/confirmation", {"confirmed": "yes"})
    assert page.status_code == 422
    assert "Ben Vale has the same email address" in page.text
    assert world.scalar("select status from guardianship where contact_id = %s", made) == "pending"


def test_somebody_who_is_no_longer_a_contact_is_not_invited(world: World) -> None:
    made = contact(world, world.amara, "Ada Vale", email="ada@home.example", ended_on=today())
    page = world.browser(world.sendco).post(f"/pupils/{world.amara.id}/contacts/{made}/invitation")
    assert page.status_code == 409
    assert "no longer a contact" in page.text
    assert world.scalar("select count(*) from guardianship where contact_id = %s", made) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"born_on-year": "2999"}, "Date of birth must be in the past"),
        ({"need_1": "SEMH", "need_2": "SEMH"}, "Second need must be different from the main need"),
    ],
)
def test_what_cannot_be_is_not_taken_for_a_pupil_on_the_roll_either(
    world: World, changes: dict[str, Any], sentence: str
) -> None:
    page = world.browser(world.admin).post(f"/pupils/{world.amara.id}", edited(world, **changes))
    assert page.status_code == 422
    assert sentence in page.text


def test_nobody_leaves_before_they_were_born(world: World) -> None:
    left = {"left_on-day": "1", "left_on-month": "1", "left_on-year": "2010"}
    page = world.browser(world.admin).post(f"/pupils/{world.amara.id}/departure", left)
    assert page.status_code == 422
    assert "must be after the date of birth" in page.text
    assert world.scalar("select left_on from pupil where id = %s", world.amara.id) is None


def test_a_pupil_on_the_roll_does_not_come_back(world: World) -> None:
    page = world.browser(world.admin).post(f"/pupils/{world.amara.id}/return")
    assert page.status_code == 409
    assert "This pupil is on the roll" in page.text


def test_a_file_is_imported_once() -> None:
    held = RollImport(confirmed_at=now(), added=3)
    with pytest.raises(Conflict, match="already been imported"):
        held.confirm(added=9, changed=0, at=now())
    assert held.added == 3
