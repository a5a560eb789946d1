"""What a school can do with a referral."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm.attributes import set_committed_value

from app.casework import service as casework
from app.casework import story
from app.casework.policy import can_write
from app.casework.references import next_reference
from app.casework.service import Chosen, Guest, Seen
from app.documents import service as documents
from app.documents.models import Document
from app.kernel.access import Actor, authorise
from app.kernel.clock import now, today
from app.kernel.errors import Conflict, Invalid, NotFound
from app.kernel.events import record
from app.kernel.ids import new_id
from app.pupils import queries as pupils
from app.pupils.models import Pupil
from app.referrals import content, queries
from app.referrals.events import ReferralSent
from app.referrals.models import Referral
from app.sharing import queries as shares
from app.sharing.models import Share
from infrastructure.database.door import db
from tenants import registry

# A link lives 28 days or 14 after the answer: long enough for an answer on the last day.
SHARED_FOR = timedelta(days=42)


@dataclass(frozen=True, slots=True)
class Start:
    agency_id: UUID


@dataclass(frozen=True, slots=True)
class Words:
    why_now: str
    wanted: str
    tried: str
    strengths: str
    needs: str
    version: int


@dataclass(frozen=True, slots=True)
class ShowReport:
    """Whether the family sees a report that the agency sent."""

    shown: bool
    version: int


def start_referral(actor: Actor, pupil: Pupil, start: Start) -> Referral:
    """A draft for one agency that already says what the record says. Raises Invalid for anybody else."""
    authorise(actor, can_write)
    if start.agency_id not in {agency.id for agency in registry.list_agencies()}:
        raise Invalid("agency_id", "Choose a service from the list")
    told = story.tell(pupil.id)
    referral = Referral(
        id=new_id(),
        pupil_id=pupil.id,
        agency_tenant_id=start.agency_id,
        reference=next_reference("REF", "referral"),
        created_by=actor.person_id,
        tried=told.tried,
        strengths=told.strengths,
        needs=told.needs,
    )
    db.session.add(referral)
    return referral


def write_words(actor: Actor, referral: Referral, words: Words) -> None:
    """Save the text. What the family agreed to before was another version: it begins again."""
    casework.reopen(actor, referral, words.version)
    for name, answer in asdict(words).items():
        if name != "version":
            setattr(referral, name, answer)


def choose_evidence(actor: Actor, referral: Referral, chosen: Chosen) -> None:
    casework.choose_evidence(actor, referral, chosen, referral_id=referral.id)


def ask_family(actor: Actor, referral: Referral, seen: Seen) -> None:
    """Freeze this version and ask every adult with responsibility. Raises Conflict while anything is missing."""
    authorise(actor, can_write)
    referral.pin(seen.version)
    read = queries.get_referral(referral.id)
    casework.check_complete(read.missing)
    pupil, guest = pupils.load_pupil(referral.pupil_id), Guest("referral", read.agency_id, read.guest_name)
    casework.ask_family(actor, referral, pupil, guest, content.freeze(read, pupil))


def send_referral(actor: Actor, referral: Referral, seen: Seen) -> None:
    """Share it and have the link mailed; or, when it was sent before, have a new link mailed and close the old one."""
    authorise(actor, can_write)
    referral.pin(seen.version)
    share = _live_share(referral) or casework.open_share(actor, referral, SHARED_FOR)
    link = queries.find_open_link(share.id)
    if link is not None:
        link.close("sent_again", at=now())
    referral.send(share_id=share.id, at=now())
    record(ReferralSent(referral_id=referral.id, share_id=share.id), share_id=share.id)


def close_link(actor: Actor, referral: Referral) -> None:
    """Whoever is looking at it now is signed out. The referral can be sent again."""
    authorise(actor, can_write)
    link = queries.find_open_link(referral.share_id) if referral.share_id else None
    if link is None:
        raise Conflict("The link is already closed.")
    link.close("closed_by_school", at=now())


def show_report(actor: Actor, referral: Referral, document: Document, show: ShowReport) -> None:
    """The school decides whether the family sees what the service wrote."""
    authorise(actor, can_write)
    check_report(referral, document)
    set_committed_value(document, "version", show.version)
    act = documents.show_to_family if show.shown else documents.hide_from_family
    act(actor, document)


def check_report(referral: Referral, document: Document) -> None:
    """Raises NotFound for a document that is not a report on this very referral."""
    share = shares.load_share(document.share_id) if document.share_id else None
    if share is None or share.subject_id != referral.id:
        raise NotFound


def _live_share(referral: Referral) -> Share | None:
    share = shares.load_share(referral.share_id) if referral.share_id else None
    return share if share and share.revoked_at is None and share.expires_on >= today() else None
