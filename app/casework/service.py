"""What a school can do with a request and with a referral alike, until it is sent and when it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.casework import evidence, policy, queries
from app.casework.models import Case
from app.documents import service as documents
from app.documents.queries import load_document
from app.kernel.access import Actor, authorise
from app.kernel.clock import now, today
from app.kernel.errors import Conflict
from app.pupils.models import Pupil
from app.sharing import queries as shares
from app.sharing import service as sharing
from app.sharing.models import Share
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class Seen:
    """The version that was on the screen when somebody pressed the button."""

    version: int


@dataclass(frozen=True, slots=True)
class Chosen:
    documents: list[UUID]
    version: int


@dataclass(frozen=True, slots=True)
class Guest:
    """Who would read it, and for what: a purpose of sharing."""

    purpose: str
    tenant_id: UUID
    name: str


def reopen(actor: Actor, case: Case, version: int) -> None:
    """Before every change. Whatever was agreed was about the words of before: it begins again."""
    authorise(actor, policy.can_write)
    case.pin(version)
    _close_ask(case)
    case.reopen()


def choose_evidence(actor: Actor, case: Case, chosen: Chosen, **subject: UUID) -> None:
    """Exactly these documents go with it. `subject` is lss_request_id or referral_id."""
    reopen(actor, case, chosen.version)
    db.session.flush()  # PostgreSQL takes evidence for a draft only
    evidence.choose(case.pupil_id, chosen.documents, **subject)


def check_complete(missing: Sequence[str]) -> None:
    if missing:
        raise Conflict("Something is missing. " + ". ".join(missing) + ".")


def ask_family(actor: Actor, case: Case, pupil: Pupil, guest: Guest, content: Mapping[str, Any]) -> None:
    """Freeze this version and ask every adult with parental responsibility, who can open its documents from now on."""
    for chosen in evidence.list_chosen(case.id):
        documents.show_to_family(actor, load_document(chosen.id), quietly=True)
    asked = sharing.Ask(guest.purpose, case.id, guest.tenant_id, guest.name, content)
    ask = sharing.ask(actor, pupil, asked)
    db.session.flush()  # the case points to the ask
    case.await_family(ask.id)


def consent_of(case: Case) -> UUID:
    """The yes that stands, for the words as they are now."""
    standing = shares.standing(case.ask_id) if case.ask_id else None
    if standing is None or standing.consent_id is None:
        raise Conflict("The family has not agreed to this version.")
    return standing.consent_id


def open_share(actor: Actor, case: Case, kept_for: timedelta) -> Share:
    """Exactly what was agreed, with the documents that were named."""
    consent = shares.load_consent(consent_of(case))
    ask, chosen = shares.load_ask(consent.ask_id), evidence.list_chosen(case.id)
    return sharing.open_share(actor, ask, consent.id, today() + kept_for, chosen)


def end_share(actor: Actor, case: Case, because: str) -> None:
    """If it has been shared: the guest can no longer open it."""
    share = shares.load_share(case.share_id) if case.share_id else None
    if share is not None and share.revoked_at is None:
        sharing.revoke(actor, share, because)


def withdraw(actor: Actor, case: Case, seen: Seen) -> None:
    """Take it back. A mail that has not left does not leave, and the family is no longer asked."""
    authorise(actor, policy.can_write)
    case.pin(seen.version)
    end_share(actor, case, "withdrawn_by_school")
    _close_ask(case)
    case.withdraw()


def follow_family(case: Case | None) -> None:
    """What the answers to its ask come to by now. A consent that was taken back has ended the share already."""
    if case is None or case.ask_id is None:
        return
    if case.was_sent:
        follow_share(case)
    else:
        case.hear_family(given=shares.standing(case.ask_id).given)


def follow_share(case: Case | None) -> None:
    """What nobody can read any more is not with anybody. A no after it was sent ends nothing by itself."""
    if case is not None and case.was_sent and queries.has_stopped(case.share_id):
        case.withdraw()


def _close_ask(case: Case) -> None:
    ask = shares.load_ask(case.ask_id) if case.ask_id else None
    if ask is not None and ask.closed_at is None:
        ask.close(at=now())
