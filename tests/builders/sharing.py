"""Asks, consents and shares made behind the service's back; the triggers of the database still check them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from app.kernel.clock import today
from app.sharing.content import content_hash, wording_hash
from infrastructure.database.ids import new_id
from tests.world import Child, Organisation, Somebody, World

CONTENT = {"child": "Amara O", "why now": "Amara finds it hard to say what she needs."}
WORDING = "I agree that the school may send this."


def asked(
    world: World,
    child: Child,
    guest: Organisation,
    purpose: str = "referral",
    subject_id: UUID | None = None,
    content: dict[str, Any] | None = None,
) -> UUID:
    """An open ask for a referral ("referral"), a request to the locality ("lss") or an EHC pack ("ehc")."""
    frozen = CONTENT if content is None else content
    return world.insert(
        "consent_ask",
        tenant_id=child.tenant_id,
        pupil_id=child.id,
        purpose=purpose,
        subject_id=subject_id or new_id(),
        guest_tenant_id=guest.id,
        guest_name=guest.name,
        content=Jsonb(frozen),
        content_hash=content_hash(frozen),
        wording=WORDING,
        asked_by=world.sendco.id,
    )


def consented(
    world: World,
    child: Child,
    ask_id: UUID,
    by: Somebody | None = None,
    *,
    given: bool = True,
    method: str = "portal",
    expires_on: date | None = None,
) -> UUID:
    """An answer of one guardian (Amara's mother unless told otherwise); `method` paper: written down by the SENDCO."""
    who = by or world.mother
    link = world.rows(
        "select id, contact_id from guardianship where pupil_id = %s and person_id = %s", child.id, who.id
    )[0]
    ask = world.rows("select content_hash, wording from consent_ask where id = %s", ask_id)[0]
    portal = method == "portal"
    return world.insert(
        "consent",
        tenant_id=child.tenant_id,
        ask_id=ask_id,
        pupil_id=child.id,
        given=given,
        method=method,
        basis="parental_responsibility",
        guardianship_id=link.id if portal else None,
        contact_id=link.contact_id,
        person_id=who.id if portal else None,
        said_by=who.name,
        content_hash=ask.content_hash,
        wording_hash=wording_hash(ask.wording),
        recorded_by=None if portal else world.sendco.id,
        given_on=today(),
        expires_on=expires_on or today() + timedelta(days=300),
    )


def shared(
    world: World,
    child: Child,
    ask_id: UUID,
    consent_id: UUID | None,
    *,
    expires_on: date | None = None,
    **different: Any,
) -> UUID:
    """A live share with the guest of the ask, standing on the consent. `different` columns try something else."""
    ask = world.rows("select * from consent_ask where id = %s", ask_id)[0]
    values = {
        "tenant_id": child.tenant_id,
        "guest_tenant_id": ask.guest_tenant_id,
        "kind": ask.purpose,
        "pupil_id": child.id,
        "subject_id": ask.subject_id,
        "content": Jsonb(ask.content),
        "content_hash": ask.content_hash,
        "consent_id": consent_id,
        "expires_on": expires_on or today() + timedelta(days=200),
    }
    return world.insert("share", **values | different)


def shared_with(
    world: World,
    child: Child,
    guest: Organisation,
    purpose: str = "referral",
    subject_id: UUID | None = None,
    content: dict[str, Any] | None = None,
) -> UUID:
    """Asked, agreed by Amara's mother and shared, in one go: the share."""
    ask_id = asked(world, child, guest, purpose, subject_id, content)
    return shared(world, child, ask_id, consented(world, child, ask_id))
