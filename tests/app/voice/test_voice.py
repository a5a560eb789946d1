"""What a child says is kept with how and by whom; what a parent says stays between that parent and the school."""

import pytest

from app.voice import queries, service
from app.voice.service import FamilyWords
from tests.world import World

SAID = {
    "words": "I like the quiet table", "method": "symbols", "written_down_by": "Sam Field",
    "said_on-day": "3", "said_on-month": "2", "said_on-year": "2026",
}  # fmt: skip
TOLD = {"said_by": "Chika Okonjo", "method": "phone", "words": "She sleeps badly before school"}


def views(world: World) -> str:
    return f"/pupils/{world.amara.id}/views"


def family_views(world: World) -> str:
    return f"/pupils/{world.amara.id}/family-views"


def test_the_words_of_a_child_are_kept_with_how_and_by_whom(world: World) -> None:
    teacher = world.browser(world.teacher)
    page = teacher.follow(teacher.post(views(world), SAID)).text
    for words in ("I like the quiet table", "pictures or symbols", "Sam Field", "3 February 2026"):
        assert words in page


def test_the_newest_words_of_a_child_are_found(world: World) -> None:
    sendco = world.browser(world.sendco)
    for day, words in (("4", "Newer"), ("3", "Older")):
        sendco.post(views(world), SAID | {"said_on-day": day, "words": words})
    with world.acting(world.assistant):
        latest = queries.latest_pupil_view(world.amara.id)
        assert latest is not None
        assert latest.words == "Newer"
        assert queries.latest_pupil_view(world.idris.id) is None


def test_the_words_of_a_family_are_written_down_by_staff(world: World) -> None:
    sendco = world.browser(world.sendco)
    page = sendco.follow(sendco.post(family_views(world), TOLD)).text
    for words in ("She sleeps badly before school", "by phone", "Chika Okonjo", "Priya Nair"):
        assert words in page
    assert "FamilyViewGiven" in world.events()


def test_a_parent_writes_online_and_the_other_parent_does_not_read_it(world: World) -> None:
    with world.acting(world.mother, child="amara"):
        actor = world.guardian_actor(world.mother, "amara")
        service.record_family_view(actor, world.amara.id, FamilyWords("He worries at night"))
    for who, seen in ((world.mother, 1), (world.father, 0)):
        with world.acting(who, child="amara"):
            assert len(queries.list_views(world.amara.id)) == seen
    assert "He worries at night" in world.browser(world.sendco).get(views(world)).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"words": ""}, "Enter what the child said or showed"),
        ({"method": ""}, "Choose how the child told you"),
        ({"written_down_by": ""}, "Enter who wrote it down"),
        ({"said_on-year": "2999"}, "must be today or in the past"),
    ],
)
def test_what_is_missing_is_explained_and_nothing_is_lost(
    world: World, changes: dict[str, str], sentence: str
) -> None:
    page = world.browser(world.teacher).post(views(world), SAID | changes)
    assert page.status_code == 422
    assert sentence in page.text
    assert world.scalar("select count(*) from pupil_view where pupil_id = %s", world.amara.id) == 0


def test_a_family_view_without_a_name_is_explained(world: World) -> None:
    page = world.browser(world.teacher).post(family_views(world), TOLD | {"said_by": ""})
    assert page.status_code == 422
    assert "Enter who said it" in page.text
    assert "She sleeps badly" in page.text


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("sendco", 200, 303), ("teacher", 200, 303), ("head", 200, 403), ("dsl", 200, 403), ("assistant", 403, 403),
     ("admin", 403, 403), ("other_sendco", 404, 404)],
)  # fmt: skip
def test_who_reads_and_who_writes(world: World, who: str, reads: int, writes: int) -> None:
    browser = world.browser(getattr(world, who))
    assert browser.get(views(world)).status_code == reads
    assert browser.post(views(world), SAID).status_code == writes
    assert browser.post(family_views(world), TOLD).status_code == writes


def test_a_teacher_writes_nothing_about_another_class(world: World) -> None:
    assert world.browser(world.teacher).post(f"/pupils/{world.idris.id}/views", SAID).status_code == 404
    assert world.browser(world.sendco).post(f"/pupils/{world.idris.id}/views", SAID).status_code == 303
