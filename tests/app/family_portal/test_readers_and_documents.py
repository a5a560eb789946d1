"""Who has looked, without a hint of what a family must not know; and only the papers that were shown."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

from app.family_portal.statuses import LOOKED_AT
from tests.builders.sharing import asked
from tests.world import World

ROOT = Path(__file__).parents[3]


def page(world: World, rest: str) -> str:
    return str(world.browser(world.mother).get(f"/children/{world.mother.links['amara']}{rest}").text)


def document(world: World, title: str, **changes: Any) -> UUID:
    facts = {
        "status": "clean",
        "clean_key": "clean/x",
        "object_version": "1",
        "sha256": b"x" * 32,
        "shown_to_family": True,
    }
    return world.insert(
        "document", tenant_id=world.larkrise.id, pupil_id=world.amara.id, title=title, filename="paper.pdf",
        declared_type="application/pdf", size_bytes=350_000, quarantine_key="q", **facts | changes,
    )  # fmt: skip


def test_who_has_looked_is_listed_by_role_and_organisation_without_names(world: World) -> None:
    assert "Nobody has looked yet" in page(world, "/readers")
    world.browser(world.sendco).get(f"/pupils/{world.amara.id}/sharing")
    text = page(world, "/readers")
    assert "SENDCO, Larkrise Primary" in text
    assert "What is shared" in text
    assert "Priya" not in text


def test_what_was_looked_at_is_said_in_words_that_a_family_knows(world: World) -> None:
    staff = world.browser(world.sendco)
    assert staff.get(f"/pupils/{world.amara.id}").status_code == 200
    assert staff.get(f"/consents/{asked(world, world.amara, world.ashmere)}").status_code == 200
    text = page(world, "/readers")
    for words in ("<strong>The record</strong>", "<strong>Your answers</strong>"):
        assert words in text
    for words in ("Pupil page", "<strong>Consent</strong>"):
        assert words not in text


def test_every_page_that_is_noted_has_words(world: World) -> None:
    noted = {
        word
        for path in (ROOT / "app").rglob("*.py")
        for call in re.findall(r"note_read\(([^)]*)\)", path.read_text())
        for word in re.findall(r'^"([^"]+)"', call)
        if "safeguarding=True" not in call
    }
    assert {"plan", "views", "pupil page"} <= noted
    assert noted | {"request", "referral"} <= set(LOOKED_AT)


def test_the_own_reading_of_a_parent_is_not_listed(world: World) -> None:
    page(world, "")
    world.browser(world.father).get(f"/children/{world.father.links['amara']}")
    assert "Nobody has looked yet" in page(world, "/readers")


def test_safeguarding_is_never_listed_not_even_that_its_lead_looked(world: World) -> None:
    world.browser(world.dsl).get(f"/pupils/{world.amara.id}/safeguarding-notes")
    assert "Nobody has looked yet" in page(world, "/readers")
    world.browser(world.dsl).get(f"/pupils/{world.amara.id}/sharing")
    text = page(world, "/readers")
    assert "School staff, Larkrise Primary" in text
    assert "afeguarding" not in text


def test_only_papers_that_were_checked_and_shown_are_listed(world: World) -> None:
    document(world, "Speech report")
    document(world, "Kept by the school", shown_to_family=False)
    document(
        world,
        "Not checked",
        status="checking",
        clean_key=None,
        object_version=None,
        sha256=None,
        shown_to_family=False,
    )
    text = page(world, "/documents")
    assert "Speech report" in text
    assert "KB" in text
    assert "Kept by the school" not in text
    assert "Not checked" not in text


def test_a_paper_that_was_shown_opens_for_a_minute_and_no_other_does(world: World) -> None:
    shown, kept = (
        document(world, "Speech report"),
        document(world, "Kept by the school", shown_to_family=False),
    )
    browser = world.browser(world.mother)
    own = f"/children/{world.mother.links['amara']}/documents"
    response = browser.get(f"{own}/{shown}/content")
    assert response.status_code == 303
    assert "clean/x" in response.location
    assert browser.get(f"{own}/{kept}/content").status_code == 404
    assert browser.get(f"/children/{world.mother.links['noor']}/documents/{shown}/content").status_code == 404
    father, barred = world.browser(world.father), world.browser(world.barred)
    assert father.get(f"/children/{world.father.links['amara']}/documents/{shown}/content").status_code == 303
    assert barred.get(f"/children/{world.barred.links['idris']}/documents/{shown}/content").status_code == 404
