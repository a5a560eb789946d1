"""Referrals to an agency in each of their states, with their link, made behind the service's back."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.kernel import seals
from app.kernel.clock import now, today
from app.web.cookies import hash_token
from infrastructure.database.ids import new_id
from tests.builders import sharing
from tests.world import Child, Somebody, World

WORDS = {
    "why_now": "She is hard to understand and has stopped joining in.",
    "tried": "A story language group four times a week since March.",
    "wanted": "An assessment of her speech, and advice for the classroom.",
    "strengths": "Kind, curious and good with numbers.",
    "needs": "Saying sounds clearly and putting words in order.",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A referral that has left: its share, and the link that was mailed (`path` on the agency's host)."""

    referral_id: UUID
    share_id: UUID
    consent_id: UUID
    link_id: UUID
    token: str

    @property
    def path(self) -> str:
        return f"/r/{self.token}"


def draft_referral(world: World, child: Child, by: Somebody | None = None, **changes: Any) -> UUID:
    """A complete draft to Ashmere."""
    count = world.scalar("select count(*) from referral where tenant_id = %s", child.tenant_id)
    facts = {
        "tenant_id": child.tenant_id,
        "pupil_id": child.id,
        "agency_tenant_id": world.ashmere.id,
        "reference": f"REF-{today():%y}-{count + 1:04d}",
        "created_by": (by or world.sendco).id,
    }
    return world.insert("referral", **(facts | WORDS | changes))


def asked_referral(world: World, child: Child, **changes: Any) -> tuple[UUID, UUID]:
    """With the family: the referral and its open ask."""
    referral_id = draft_referral(world, child, **changes)
    reference = world.scalar("select reference from referral where id = %s", referral_id)
    born = world.scalar("select born_on from pupil where id = %s", child.id)
    content = {
        "reference": reference,
        "pupil": {"name": f"{child.forename} {child.surname}", "born_on": born.isoformat(), "year_group": 2},
        "school_name": world.larkrise.name,
        **WORDS,
        "documents": [],
    }
    ask_id = sharing.asked(world, child, world.ashmere, "referral", referral_id, content)
    _now(world, "referral", referral_id, status="with_family", ask_id=ask_id)
    return referral_id, ask_id


def agreed_referral(
    world: World, child: Child, *, by: Somebody | None = None, **changes: Any
) -> tuple[UUID, UUID]:
    """The family has said yes: ready to send. The referral and the consent."""
    referral_id, ask_id = asked_referral(world, child, **changes)
    consent_id = sharing.consented(world, child, ask_id, by or world.mother)
    _now(world, "referral", referral_id, status="agreed")
    return referral_id, consent_id


def sent_referral(world: World, child: Child, *, link_expires_on: date | None = None, **changes: Any) -> Sent:
    """Sent, with an open link; the mail is taken as read."""
    referral_id, consent_id = agreed_referral(world, child, **changes)
    ask_id = world.scalar("select ask_id from referral where id = %s", referral_id)
    share_id = sharing.shared(world, child, ask_id, consent_id)
    link_id = new_id()
    assert world.database.hosts  # whose start installs the key that links are made with
    token = seals.token("link", link_id)
    world.insert(
        "link",
        id=link_id,
        tenant_id=child.tenant_id,
        guest_tenant_id=world.ashmere.id,
        share_id=share_id,
        token_hash=hash_token(token),
        mailbox=world.professional.email,
        expires_on=link_expires_on or today() + timedelta(days=28),
    )
    _now(world, "referral", referral_id, status="sent", share_id=share_id, sent_at=now())
    return Sent(referral_id, share_id, consent_id, link_id, token)


def press(world: World, referral_id: UUID, step: str) -> int:
    """The button of a step, on a page that shows the referral as it is now; the status of the answer."""
    path = f"/referrals/{referral_id}/{step}"
    return (
        world.browser(world.sendco).post(path, {"version": str(row(world, referral_id).version)}).status_code
    )


def row(world: World, referral_id: UUID) -> Any:
    return world.rows("select * from referral where id = %s", referral_id)[0]


def links(world: World, referral_id: UUID) -> list[Any]:
    """Oldest first."""
    return world.rows(
        "select l.* from link l join referral r on r.share_id = l.share_id where r.id = %s order by l.created_at",
        referral_id,
    )


def _now(world: World, table: str, row_id: UUID, **changes: Any) -> None:
    marks = ", ".join(f"{name} = %s" for name in changes)
    world.execute(f"update {table} set {marks} where id = %s", *changes.values(), row_id)
