"""What a school can do with an LSS request."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm.attributes import set_committed_value

from app.casework import evidence, story
from app.casework.references import next_reference
from app.kernel.access import Actor, authorise
from app.kernel.clock import now, today
from app.kernel.errors import Conflict
from app.kernel.events import record
from app.kernel.ids import new_id
from app.lss import content, policy, queries
from app.lss.events import LssRequestSubmitted
from app.lss.models import Kind, LssRequest
from app.lss.read import RequestRead
from app.pupils import queries as pupils
from app.pupils.models import Pupil
from app.sharing import queries as sharing_queries
from app.sharing import service as sharing
from infrastructure.database.door import db
from tenants import registry

# The panel keeps a pack for a year; PostgreSQL ends it earlier with the consent.
KEPT_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Start:
    kind: str


@dataclass(frozen=True, slots=True)
class Wanted:
    kind: str
    wanted: str
    outcomes: str
    amount_pence: int | None
    terms: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Reasons:
    why_now: str
    tried: str
    version: int


@dataclass(frozen=True, slots=True)
class Child:
    strengths: str
    needs: str
    version: int


@dataclass(frozen=True, slots=True)
class Views:
    pupil_view: str
    family_view: str
    version: int


Part = Wanted | Reasons | Child | Views


@dataclass(frozen=True, slots=True)
class Chosen:
    documents: list[UUID]
    version: int


@dataclass(frozen=True, slots=True)
class Seen:
    """The version that was on the screen when somebody pressed the button."""

    version: int


def start_request(actor: Actor, pupil: Pupil, start: Start) -> LssRequest:
    """A draft that already says what the plan, the reviews and the views say."""
    authorise(actor, policy.can_write)
    told = asdict(story.tell(pupil.id))
    request = LssRequest(
        id=new_id(),
        pupil_id=pupil.id,
        reference=next_reference("LSS", "lss_request"),
        kind=Kind(start.kind),
        created_by=actor.person_id,
        **told,
    )
    db.session.add(request)
    return request


def write_part(actor: Actor, request: LssRequest, part: Part) -> None:
    """Save some answers. Whatever was agreed or authorised before was another version: it begins again."""
    authorise(actor, policy.can_write)
    set_committed_value(request, "version", part.version)
    _reopen(actor, request)
    for name, answer in asdict(part).items():
        if name != "version":
            setattr(request, name, Kind(answer) if name == "kind" else answer)
    if request.kind is not Kind.MONEY:
        request.amount_pence = request.terms = None


def choose_evidence(actor: Actor, request: LssRequest, chosen: Chosen) -> None:
    """Exactly these documents go with the request."""
    authorise(actor, policy.can_write)
    set_committed_value(request, "version", chosen.version)
    _reopen(actor, request)
    db.session.flush()  # PostgreSQL takes evidence for a draft only
    evidence.choose(request.pupil_id, chosen.documents, lss_request_id=request.id)


def ask_family(actor: Actor, request: LssRequest, seen: Seen) -> None:
    """Freeze this version and ask every adult with parental responsibility. Raises Conflict while anything is missing."""
    authorise(actor, policy.can_write)
    set_committed_value(request, "version", seen.version)
    read = _complete(request)
    locality = registry.locality_of(request.tenant_id)
    if locality is None:
        raise Conflict("Your school has not joined a locality yet. Ask your locality’s clerk.")
    pupil = pupils.load_pupil(request.pupil_id)
    frozen = content.freeze(read, pupil)
    asked = sharing.ask(actor, pupil, sharing.Ask("lss", request.id, locality.id, locality.name, frozen))
    request.provision_cost_pence, request.reviewed_cycles = read.cost_pence, read.cycles
    db.session.flush()  # the request points to the ask
    request.await_family(asked.id)


def authorise_request(actor: Actor, request: LssRequest, seen: Seen) -> None:
    """The headteacher puts their name to what the family agreed to."""
    authorise(actor, policy.can_authorise, request)
    set_committed_value(request, "version", seen.version)
    _consent_of(request)
    request.authorise(by=actor.person_id, at=now())


def submit_request(actor: Actor, request: LssRequest, seen: Seen) -> None:
    """Hand the request to the locality: exactly what was agreed, with the documents that were named."""
    authorise(actor, policy.can_write)
    set_committed_value(request, "version", seen.version)
    consent_id = _consent_of(request)
    _complete(request)
    assert request.ask_id is not None
    _end_share(actor, request, "replaced")
    ask = sharing_queries.load_ask(request.ask_id)
    documents = evidence.list_chosen(request.id)
    share = sharing.open_share(actor, ask, consent_id, today() + KEPT_FOR, documents)
    request.submit(share_id=share.id, at=now())
    event = LssRequestSubmitted(request_id=request.id, share_id=share.id)
    record(event, to=[share.guest_tenant_id], share_id=share.id)


def withdraw_request(actor: Actor, request: LssRequest, seen: Seen) -> None:
    """Take it back. The panel can no longer open it."""
    authorise(actor, policy.can_write)
    set_committed_value(request, "version", seen.version)
    _end_share(actor, request, "withdrawn_by_school")
    _close_ask(request)
    request.withdraw()


def _complete(request: LssRequest) -> RequestRead:
    read = queries.get_request(request.id)
    if read.missing:
        raise Conflict("This request is not complete. " + ". ".join(read.missing) + ".")
    return read


def _consent_of(request: LssRequest) -> UUID:
    """The yes that stands, for the version as it is now."""
    standing = sharing_queries.standing(request.ask_id) if request.ask_id else None
    if standing is None or standing.consent_id is None:
        raise Conflict("The family has not agreed to this version of the request.")
    return standing.consent_id


def _reopen(actor: Actor, request: LssRequest) -> None:
    _close_ask(request)
    request.reopen(by=actor.person_id)


def _close_ask(request: LssRequest) -> None:
    ask = sharing_queries.load_ask(request.ask_id) if request.ask_id else None
    if ask is not None and ask.closed_at is None:
        ask.close(at=now())


def _end_share(actor: Actor, request: LssRequest, because: str) -> None:
    share = sharing_queries.load_share(request.share_id) if request.share_id else None
    if share is not None and share.revoked_at is None:
        sharing.revoke(actor, share, because)
