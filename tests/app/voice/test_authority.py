"""Who may write down what a child or a family says, whatever page they come from."""

from app.kernel.clock import today
from app.kernel.errors import Invalid
from app.pupils import queries as pupils
from app.voice import service
from app.voice.service import ChildWords, FamilyWords
from tests.builders.refusing import refused, stopped
from tests.world import World


def test_who_reaches_the_service_without_the_role_writes_down_nothing_a_child_said(world: World) -> None:
    said = ChildWords(today(), "symbols", "I like the quiet table", "Sam Field")
    refused(
        world,
        [world.head, world.dsl, world.assistant, world.admin],
        lambda actor: service.record_pupil_view(actor, pupils.load_pupil(world.amara.id), said),
    )


def test_who_reaches_the_service_without_the_role_writes_down_nothing_a_family_said(world: World) -> None:
    said = FamilyWords("She sleeps badly", said_by="Chika Okonjo", method="phone")
    refused(
        world,
        [world.head, world.dsl, world.assistant, world.admin],
        lambda actor: service.record_family_view(actor, world.amara.id, said),
    )


def test_nothing_a_family_said_is_written_down_without_who_said_it(world: World) -> None:
    said = FamilyWords("She sleeps badly", method="phone")
    stopped(
        world, world.sendco, lambda actor: service.record_family_view(actor, world.amara.id, said),
        Invalid, "Enter who said it",
    )  # fmt: skip
