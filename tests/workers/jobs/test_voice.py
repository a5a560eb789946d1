"""Who is told when a family says something."""

from tests.mailbox import text_of
from tests.world import World


def told(world: World) -> list[tuple[object, str]]:
    rows = world.rows(
        "select person_id, path from notification where kind = 'view_given' and tenant_id = %s",
        world.larkrise.id,
    )
    return [(row.person_id, row.path) for row in rows]


def test_the_sendco_is_told_that_somebody_at_home_has_written_and_the_mail_names_nobody(world: World) -> None:
    where = f"/children/{world.mother.links['amara']}/views"
    world.browser(world.mother).post(where, {"words": "She loves to draw."})
    world.run_errands()
    assert told(world) == [(world.sendco.id, f"/pupils/{world.amara.id}/views")]
    (mail,) = world.mails()
    assert mail["To"] == world.sendco.email
    assert not any(word in text_of(mail) for word in ("Amara", "Chika", "draw"))
    assert "She loves to draw." in world.browser(world.sendco).get(told(world)[0][1]).text


def test_what_staff_wrote_down_themselves_is_no_news(world: World) -> None:
    said = {"words": "She loves to draw.", "said_by": "Chika Okonjo", "method": "phone"}
    written = world.browser(world.sendco).post(f"/pupils/{world.amara.id}/family-views", said)
    assert written.status_code == 303
    world.run_errands()
    assert told(world) == []
