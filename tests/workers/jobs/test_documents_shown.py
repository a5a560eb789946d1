"""A document that the school shows to the family: every adult with access hears of it alike."""

from uuid import UUID

from tests.builders.documents import clean_document
from tests.mailbox import text_of
from tests.world import World


def told(world: World) -> set[tuple[UUID, str]]:
    rows = world.rows(
        "select person_id, path from notification where kind = 'document_shown' and tenant_id = %s",
        world.larkrise.id,
    )
    return {(row.person_id, row.path) for row in rows}


def test_everybody_at_home_is_told_alike_and_the_mails_name_nobody(world: World) -> None:
    document_id = clean_document(world, world.amara, stored=False)
    world.browser(world.sendco).post(f"/documents/{document_id}/showing")
    world.run_errands()
    adults = (world.mother, world.father, world.carer)
    assert told(world) == {(who.id, f"/children/{who.links['amara']}/documents") for who in adults}
    mails = {str(mail["To"]): text_of(mail) for mail in world.mails()}
    assert set(mails) == {who.email for who in adults}
    assert not any(name in text for text in mails.values() for name in ("Amara", "Chika", "David", "letter"))


def test_a_parent_who_is_barred_is_not_told(world: World) -> None:
    document_id = clean_document(world, world.idris, stored=False)
    world.browser(world.sendco).post(f"/documents/{document_id}/showing")
    world.run_errands()
    assert {person for person, _ in told(world)} == {world.other_mother.id}


def test_a_document_that_was_hidden_again_tells_nobody(world: World) -> None:
    document_id = clean_document(world, world.amara, stored=False)
    for step in ("showing", "showing/removal"):
        world.browser(world.sendco).post(f"/documents/{document_id}/{step}")
    world.run_errands()
    assert told(world) == set()


def test_showing_twice_is_told_once(world: World) -> None:
    document_id = clean_document(world, world.amara, stored=False)
    for _ in range(2):
        world.browser(world.sendco).post(f"/documents/{document_id}/showing")
        world.run_errands()
    assert world.scalar("select count(*) from notification where kind = 'document_shown' and person_id = %s",
                        world.mother.id) == 1  # fmt: skip
