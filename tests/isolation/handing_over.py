"""What a school hands to a guest with the family's yes: a referral to the agency, a request to the locality."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.kernel.clock import today
from tests.builders.documents import clean_document
from tests.builders.lss import draft_request, frozen_content
from tests.builders.referrals import WORDS, draft_referral
from tests.builders.sharing import asked, consented, shared
from tests.world import Child, Organisation, Somebody, World

Given = dict[str, UUID]


def referral(world: World, child: Child, adult: Somebody, by: Somebody | None = None) -> Given:
    """Sent to the agency with one document, through a link that was never opened."""
    made = draft_referral(world, child, by)
    reference = world.scalar("select reference from referral where id = %s", made)
    pupil = {"name": f"{child.forename} {child.surname}", "year_group": 2}
    content = WORDS | {"reference": reference, "pupil": pupil, "school_name": "The school"}
    given = _handed_over(world, child, world.ashmere, "referral", made, content, adult)
    world.execute(
        "update referral set status = 'sent', ask_id = %s, share_id = %s, sent_at = now() where id = %s",
        given["ask_id"],
        given["share_id"],
        made,
    )
    world.insert(
        "link",
        tenant_id=child.tenant_id,
        guest_tenant_id=world.ashmere.id,
        share_id=given["share_id"],
        token_hash=made.bytes * 2,
        mailbox=world.professional.email,
        expires_on=today() + timedelta(days=28),
    )
    return {"referral_id": made} | {name: given[name] for name in ("ask_id", "consent_id", "share_id")}


def request(world: World, child: Child, adult: Somebody) -> Given:
    """In the locality's hands, with one document."""
    made = draft_request(world, child)
    content = frozen_content(world, child, made)
    given = _handed_over(world, child, world.thornbeck, "lss", made, content, adult)
    world.execute(
        "update lss_request set status = 'submitted', ask_id = %s, share_id = %s where id = %s",
        given["ask_id"],
        given["share_id"],
        made,
    )
    return given


def _handed_over(
    world: World,
    child: Child,
    guest: Organisation,
    purpose: str,
    subject: UUID,
    content: dict[str, Any],
    adult: Somebody,
) -> Given:
    """A share with a document that the family has agreed to."""
    names = "title filename media_type size_bytes sha256 clean_key object_version"
    row = world.rows(
        f"select {names.replace(' ', ', ')} from document where id = %s",
        clean_document(world, child, stored=False),
    )[0]
    listed = {"title": row.title, "filename": row.filename, "sha256": row.sha256.hex()}
    ask = asked(world, child, guest, purpose, subject, content | {"documents": [listed]})
    consent = consented(world, child, ask, adult)
    share = shared(world, child, ask, consent)
    to = {"tenant_id": child.tenant_id, "guest_tenant_id": guest.id, "share_id": share}
    document = world.insert("share_document", **to, **row._asdict())
    return {"ask_id": ask, "consent_id": consent, "share_id": share, "document_id": document}
