"""Reports: checked first, then the school's; the family sees one by choice. Nothing goes once the share has ended."""

import io
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.access import Audience
from infrastructure.database.door import unit_of_work
from infrastructure.database.ids import new_id
from tenants import context
from tests.builders import referrals as builders
from tests.builders.agency_portal import replies, signed_in, status, withdraw
from tests.builders.documents import LETTER, storage
from tests.builders.referrals import Sent
from tests.world import World

ENDINGS = (
    "update share set revoked_at = now(), revoked_because = 'x' where id = %s",
    "update share set expires_on = ctx.today() - 1 where id = %s",
)


def test_a_report_is_checked_then_read_by_the_school_and_shown_to_the_family_by_choice(
    world: World, sent: Sent
) -> None:
    storage()
    browser = signed_in(world, sent)
    assert browser.post("/referral/report", {"title": "Assessment"}).status_code == 422
    assert browser.get("/referral/report/new").status_code == 200
    upload = {"title": "Assessment", "file": (io.BytesIO(LETTER), "assessment.pdf")}
    response = browser.post("/referral/report", upload, content_type="multipart/form-data")
    assert response.status_code == 303, response.text
    assert "being checked" in browser.get("/referral/report/new").text
    assert replies(world, sent) == []
    world.run_errands()
    assert "the school has it" in browser.get("/referral/report/new").text
    assert status(world, sent) == "reported"
    sendco = world.browser(world.sendco)
    assert "The family cannot see it." in sendco.get(f"/referrals/{sent.referral_id}").text
    copy = world.rows(
        "select * from document where tenant_id = %s and share_id = %s", world.larkrise.id, sent.share_id
    )[0]
    assert (copy.pupil_id, copy.status, copy.shown_to_family) == (world.amara.id, "clean", False)
    assert sendco.get(f"/documents/{copy.id}/content").status_code == 303
    show = f"/referrals/{sent.referral_id}/reports/{copy.id}/family"
    shown = {"shown": "yes", "version": str(copy.version)}
    assert world.browser(world.head).post(show, shown).status_code == 403
    assert sees(world) == 0
    assert sendco.post(show, shown).status_code == 303
    assert "The family can see it." in sendco.get(f"/referrals/{sent.referral_id}").text
    assert sees(world) == 1


def sees(world: World) -> int:
    with world.acting(world.mother, child="amara") as session:
        return int(session.scalar(text("select count(*) from document")) or 0)


def test_a_report_that_comes_after_a_withdrawal_goes_nowhere(world: World, sent: Sent) -> None:
    storage()
    browser = signed_in(world, sent)
    upload = {"title": "Assessment", "file": (io.BytesIO(LETTER), "assessment.pdf")}
    assert browser.post("/referral/report", upload, content_type="multipart/form-data").status_code == 303
    withdraw(world, sent)
    world.run_errands()
    assert replies(world, sent) == []
    assert world.scalar("select count(*) from document where tenant_id = %s", world.larkrise.id) == 0


def test_a_document_of_another_share_is_not_found(world: World, sent: Sent) -> None:
    other = builders.sent_referral(world, world.idris, by=world.other_mother)
    assert signed_in(world, sent).get(f"/referral/documents/{other.share_id}").status_code == 404


def touches(world: World, share_id: UUID, statement: str, **values: object) -> bool:
    """As a professional whose session has outlived everything else."""
    binding = context.of_tenant(
        world.ashmere.id, audience="agency", person_id=world.professional.id, scope_id=share_id
    )
    app = world.database.hosts.apps[Audience.AGENCY]
    try:
        with app.app_context(), unit_of_work(binding) as session:
            return bool(session.execute(text(statement), values).rowcount)  # type: ignore[attr-defined]
    except DBAPIError as error:
        if "row-level security" not in str(error):
            raise
        return False


@pytest.mark.parametrize("ending", ENDINGS)
def test_postgresql_closes_what_an_agency_sent_together_with_the_share(
    world: World, sent: Sent, ending: str
) -> None:
    held = world.insert(
        "document", tenant_id=world.ashmere.id, share_id=sent.share_id, title="Assessment", filename="a.pdf",
        declared_type="application/pdf", quarantine_key="", uploaded_by=world.professional.id,
    )  # fmt: skip
    read = "select 1 from document where id = :id"
    change = "update document set status = 'checking' where id = :id"
    announce = (
        "insert into document (tenant_id, id, share_id, title, filename, declared_type, quarantine_key, uploaded_by)"
        " values (ctx.tenant(), :id, :share, 'Report', 'r.pdf', 'application/pdf', concat(ctx.tenant(), '/', cast(:id as text)),"
        " ctx.person())"
    )
    new = [{"id": new_id(), "share": sent.share_id} for _ in range(2)]
    assert touches(world, sent.share_id, read, id=held)
    assert touches(world, sent.share_id, announce, **new[0])
    with world.database.as_admin() as admin:
        admin.execute("set session_replication_role = replica")  # without the triggers that end sessions too
        admin.execute(ending, (sent.share_id,))
    assert not touches(world, sent.share_id, read, id=held)
    assert not touches(world, sent.share_id, change, id=held)
    assert not touches(world, sent.share_id, announce, **new[1])
    assert world.scalar("select status from document where id = %s", held) == "awaiting_upload"


def test_a_document_of_a_live_share_of_another_referral_is_closed_too(world: World, sent: Sent) -> None:
    other = builders.sent_referral(world, world.idris, by=world.other_mother)
    held = world.insert(
        "document", tenant_id=world.ashmere.id, share_id=other.share_id, title="Assessment", filename="a.pdf",
        declared_type="application/pdf", quarantine_key="",
    )  # fmt: skip
    read = "select 1 from document where id = :id"
    assert touches(world, other.share_id, read, id=held)
    assert not touches(world, sent.share_id, read, id=held)
