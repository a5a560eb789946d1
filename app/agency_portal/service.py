"""What a professional can do with the referral behind their link: answer it. Each answer is a row of its own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import JSON, column, insert, table

from app.agency_portal import policy, queries
from app.agency_portal.queries import ReferralRead
from app.kernel.access import Actor, authorise
from app.kernel.clock import now
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import record
from app.kernel.ids import new_id
from app.referrals.events import ReferralAnswered
from infrastructure.database.door import db
from tenants import context

# Each is a mail to the school.
MOST_IN_AN_HOUR, HOUR = 10, timedelta(hours=1)
OFTEN = "You have sent the school 10 answers in the last hour. Wait an hour, then send the next one"
_reply = table(
    "reply",
    *map(column, ("tenant_id", "id", "home_tenant_id", "share_id", "kind", "person_id")),
    column("content", JSON),
    *map(column, ("author_name", "author_role", "issued_at")),
)


@dataclass(frozen=True, slots=True)
class Author:
    """As given at sign-in."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    pass


@dataclass(frozen=True, slots=True)
class Acceptance:
    expected_wait: str
    words: str


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    words: str


@dataclass(frozen=True, slots=True)
class Advice:
    recommendations: str


@dataclass(frozen=True, slots=True)
class NotMe:
    words: str


Answer = Acknowledgement | Acceptance | Refusal | Question | Advice | NotMe
KINDS: Mapping[type[Answer], str] = {
    Acknowledgement: "acknowledged",
    Acceptance: "accepted",
    Refusal: "declined",
    Question: "question",
    Advice: "report",
    # PostgreSQL closes the link and ends the session in this transaction.
    NotMe: "not_me",
}


def acknowledge(actor: Actor, referral: ReferralRead, author: Author, said: Acknowledgement) -> None:
    """The first word, or none: any other answer has told the school already."""
    if queries.list_answers(referral.share_id):
        raise Conflict("The school has heard from you already. You do not need to do this again.")
    answer(actor, referral, author, said)


def answer(actor: Actor, referral: ReferralRead, author: Author, said: Answer) -> None:
    """The school is told, unless the consent is withdrawn first. The wrong person may always say so."""
    authorise(actor, policy.can_answer, referral.share_id)
    if (
        not isinstance(said, NotMe)
        and queries.count_answers(referral.share_id, now() - HOUR) >= MOST_IN_AN_HOUR
    ):
        raise Invalid("answers", OFTEN)
    reply: dict[str, Any] = {
        "tenant_id": context.tenant_id(),
        "id": new_id(),
        "home_tenant_id": referral.home_id,
        "share_id": referral.share_id,
        "kind": KINDS[type(said)],
        "content": asdict(said),
        "person_id": actor.person_id,
        "author_name": author.name,
        "author_role": author.role,
        "issued_at": now(),
    }
    db.session.execute(insert(_reply).values(reply))
    event = ReferralAnswered(reply_id=reply["id"], share_id=referral.share_id)
    record(event, to=[referral.home_id], share_id=referral.share_id)
