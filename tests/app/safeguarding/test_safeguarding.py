"""A note goes in from anybody's hand and is read by one pair of eyes."""

import pytest
from sqlalchemy import text

from tests.world import World

WORDS = "He said he does not want to go home on Friday."
ANSWER = {"happened_on-day": "9", "happened_on-month": "March", "happened_on-year": "2026", "words": WORDS}


def address(world: World) -> str:
    return f"/pupils/{world.amara.id}/safeguarding-notes"


def test_a_teaching_assistant_writes_and_the_safeguarding_lead_reads(world: World) -> None:
    assert world.browser(world.assistant).post(address(world), ANSWER).status_code == 303
    assert WORDS in world.browser(world.dsl).get(address(world)).text
    assert world.events() == {"SafeguardingNoteWritten"}


@pytest.mark.parametrize("who", ["sendco", "head", "teacher", "assistant", "admin"])
def test_nobody_else_can_open_the_notes(world: World, who: str) -> None:
    assert world.browser(getattr(world, who)).get(address(world)).status_code == 403


def test_postgresql_itself_hides_the_notes_from_everybody_else(world: World) -> None:
    world.browser(world.teacher).post(address(world), ANSWER)
    for who, seen in ((world.dsl, 1), (world.sendco, 0), (world.head, 0), (world.teacher, 0)):
        with world.acting(who) as session:
            assert session.scalar(text("select count(*) from safeguarding_note")) == seen


def test_a_day_that_has_not_come_is_explained_and_nothing_is_kept(world: World) -> None:
    response = world.browser(world.teacher).post(address(world), {**ANSWER, "happened_on-year": "2999"})
    assert response.status_code == 422
    assert "must be today or in the past" in response.text
    assert WORDS in response.text
    assert world.events() == set()


def test_a_pupil_of_another_class_is_not_found(world: World) -> None:
    path = f"/pupils/{world.idris.id}/safeguarding-notes/new"
    assert world.browser(world.teacher).get(path).status_code == 404
    assert world.browser(world.sendco).get(path).status_code == 200


def test_the_list_of_the_safeguarding_lead_names_children_and_no_words(world: World) -> None:
    assert "No notes yet" in world.browser(world.dsl).get("/safeguarding-notes").text
    world.browser(world.teacher).post(address(world), ANSWER)
    page = world.browser(world.dsl).get("/safeguarding-notes").text
    assert "Amara Okonjo-Vale" in page
    assert WORDS not in page
    assert world.browser(world.head).get("/safeguarding-notes").status_code == 403


def test_the_safeguarding_lead_is_told_and_the_mail_says_nothing_about_the_child(world: World) -> None:
    world.browser(world.teacher).post(address(world), ANSWER)
    world.run_errands()
    assert world.scalar("select count(*) from notification where person_id = %s", world.dsl.id) == 1
    mails = [str(mail) for mail in world.mails() if mail["To"] == world.dsl.email]
    assert len(mails) == 1
    assert "Amara" not in mails[0]
    assert "go home" not in mails[0]


def test_reading_a_note_is_logged_but_not_listed_for_the_family(world: World) -> None:
    world.browser(world.dsl).get(address(world))
    assert world.scalar("select safeguarding from read_log where pupil_id = %s", world.amara.id) is True
