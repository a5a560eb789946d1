"""What a request begins with: what the school wrote and the child said, never what one parent wrote to the school."""

from tests.world import World

WORDS = "I am afraid of somebody at home, and we have moved to my sister’s."


def test_what_one_parent_wrote_is_in_no_ask_by_itself(world: World) -> None:
    views = f"/children/{world.mother.links['amara']}/views"
    assert world.browser(world.mother).post(views, {"words": WORDS}).status_code == 303
    world.insert(
        "pupil_view", tenant_id=world.larkrise.id, pupil_id=world.amara.id, said_on="2026-11-02", method="interview",
        words="I like the cards.", written_down_by="Tom Ashworth", recorded_by=world.teacher.id,
    )  # fmt: skip
    sendco = world.browser(world.sendco)
    request = sendco.post(f"/pupils/{world.amara.id}/lss", {"kind": "advice"}).location.rsplit("/", 1)[1]
    kept = world.rows("select family_view, pupil_view from lss_request where id = %s", request)[0]
    assert (kept.family_view, kept.pupil_view) == ("", "I like the cards.")
    assert WORDS in sendco.get(f"/pupils/{world.amara.id}/views").text
    page = sendco.get(f"/lss/requests/{request}/views").text
    assert "What they have told the school is on the child’s page of views" in page
    assert "Every adult with parental responsibility reads these words" in page
    assert WORDS not in page
