"""What a school can do with an LSS request."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from app.casework import service as casework
from app.casework import story
from app.casework.policy import can_write
from app.casework.references import next_reference
from app.casework.service import Chosen, Guest, Seen
from app.kernel.access import Actor, authorise
from app.kernel.clock import now
from app.kernel.errors import Conflict
from app.kernel.events import record
from app.kernel.ids import new_id
from app.lss import content, policy, queries
from app.lss.events import LssRequestSubmitted
from app.lss.models import Kind, LssRequest
from app.pupils import queries as pupils
from app.pupils.models import Pupil
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


def start_request(actor: Actor, pupil: Pupil, start: Start) -> LssRequest:
    """A draft that already says what the plan, the reviews and the views say."""
    authorise(actor, can_write)
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
    casework.reopen(actor, request, part.version)
    request.edit(by=actor.person_id)
    for name, answer in asdict(part).items():
        if name != "version":
            setattr(request, name, Kind(answer) if name == "kind" else answer)
    if request.kind is not Kind.MONEY:
        request.amount_pence = request.terms = None


def choose_evidence(actor: Actor, request: LssRequest, chosen: Chosen) -> None:
    """Exactly these documents go with the request."""
    casework.choose_evidence(actor, request, chosen, lss_request_id=request.id)
    request.edit(by=actor.person_id)


def ask_family(actor: Actor, request: LssRequest, seen: Seen) -> None:
    """Freeze this version and ask every adult with responsibility. Raises Conflict while anything is missing."""
    authorise(actor, can_write)
    request.pin(seen.version)
    read = queries.get_request(request.id)
    casework.check_complete(read.missing)
    locality = registry.locality_of(request.tenant_id)
    if locality is None:
        raise Conflict("Your school has not joined a locality yet. Ask your locality’s clerk.")
    pupil, guest = pupils.load_pupil(request.pupil_id), Guest("lss", locality.id, locality.name)
    casework.ask_family(actor, request, pupil, guest, content.freeze(read, pupil))
    request.provision_cost_pence, request.reviewed_cycles = read.cost_pence, read.cycles


def authorise_request(actor: Actor, request: LssRequest, seen: Seen) -> None:
    """The headteacher puts their name to what the family agreed to."""
    authorise(actor, policy.can_authorise, request)
    request.pin(seen.version)
    casework.consent_of(request)
    request.authorise(by=actor.person_id, at=now())


def submit_request(actor: Actor, request: LssRequest, seen: Seen) -> None:
    """Hand the request to the locality. A version that the panel had before is no longer to be read."""
    authorise(actor, can_write)
    request.pin(seen.version)
    request.check_authorised()
    casework.consent_of(request)
    casework.check_complete(queries.get_request(request.id).missing)
    casework.end_share(actor, request, "replaced")
    share = casework.open_share(actor, request, KEPT_FOR)
    request.submit(share_id=share.id, at=now())
    event = LssRequestSubmitted(request_id=request.id, share_id=share.id)
    record(event, to=[share.guest_tenant_id], share_id=share.id)
