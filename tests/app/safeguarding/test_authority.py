"""Who may write a restricted note, whatever page they come from."""

from app.kernel.clock import today
from app.pupils import queries as pupils
from app.safeguarding import service
from app.safeguarding.service import Note
from tests.builders.refusing import refused
from tests.world import World


def test_a_school_admin_who_reaches_the_service_writes_no_note(world: World) -> None:
    note = Note(today(), "He said he does not want to go home.")
    refused(
        world,
        [world.admin],
        lambda actor: service.write_note(actor, pupils.load_pupil(world.amara.id), note),
    )
