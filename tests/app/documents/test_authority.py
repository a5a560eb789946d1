"""Who may add a document and show it to the family, whatever page they come from."""

from collections.abc import Callable

import pytest

from app.documents import queries, service
from app.documents.service import Upload
from app.kernel.access import Actor
from infrastructure.database.ids import new_id
from tests.builders.documents import awaited_document, clean_document
from tests.builders.refusing import refused
from tests.world import World


def test_who_reaches_the_service_without_the_role_adds_nothing(world: World) -> None:
    letter = Upload("Letter", "letter.pdf")
    refused(
        world,
        [world.head, world.dsl, world.teacher],
        lambda actor: service.start_upload(actor, letter, document_id=new_id(), pupil_id=world.amara.id),
    )


def test_who_reaches_the_service_without_the_role_ends_no_upload(world: World) -> None:
    document_id = awaited_document(world, world.amara)
    refused(
        world,
        [world.head, world.dsl, world.teacher],
        lambda actor: service.complete_upload(actor, queries.load_document(document_id)),
    )


@pytest.mark.parametrize("deed", [service.show_to_family, service.hide_from_family])
def test_who_reaches_the_service_without_the_role_neither_shows_nor_hides(
    world: World, deed: Callable[..., None]
) -> None:
    document_id = clean_document(world, world.amara, shown=deed is service.hide_from_family, stored=False)

    def act(actor: Actor) -> None:
        deed(actor, queries.load_document(document_id))

    refused(world, [world.head, world.dsl, world.teacher], act)
