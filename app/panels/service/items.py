"""What panel members can do with an item, short of deciding."""

from dataclasses import dataclass
from uuid import UUID

from app.kernel.access import Actor, authorise
from app.kernel.errors import Conflict, Invalid
from app.kernel.ids import new_id
from app.panels import policy
from app.panels.models import Choice, PanelItem, PanelNote, Recusal, Vote
from app.panels.queries import items
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class Ballot:
    choice: str


@dataclass(frozen=True, slots=True)
class Remark:
    words: str


@dataclass(frozen=True, slots=True)
class Interest:
    """A member's own conflict of interest."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class SpokenInterest(Interest):
    """One that a member spoke of, entered by the clerk."""

    person_id: UUID


def vote(actor: Actor, item: PanelItem, ballot: Ballot) -> None:
    """Once. Raises Conflict for a second vote and for an item that is not to be decided."""
    authorise(actor, policy.can_vote)
    item.check_on_agenda()
    check_papers(item)
    if items.has_voted(item.id, actor.person_id):
        raise Conflict("You have already voted on this request.")
    cast = Vote(
        id=new_id(), home_tenant_id=item.home_tenant_id, item_id=item.id, share_id=item.share_id,
        person_id=actor.person_id, choice=Choice(ballot.choice),
    )  # fmt: skip
    db.session.add(cast)


def write_note(actor: Actor, item: PanelItem, remark: Remark) -> None:
    """For the panel's eyes only."""
    authorise(actor, policy.can_vote)
    check_papers(item)
    note = PanelNote(
        id=new_id(), home_tenant_id=item.home_tenant_id, item_id=item.id, share_id=item.share_id,
        person_id=actor.person_id, words=remark.words,
    )  # fmt: skip
    db.session.add(note)


def declare_conflict(actor: Actor, item: PanelItem, interest: Interest) -> None:
    """From here on the item is not there for this person. It cannot be taken back."""
    authorise(actor, lambda a: policy.can_enter_conflict(a, for_another=False))
    _recuse(item, actor.person_id, interest, declared_by=actor.person_id)


def enter_conflict(actor: Actor, item: PanelItem, interest: SpokenInterest) -> None:
    """The clerk writes down what a member said. Raises Invalid for somebody who is not of this panel."""
    authorise(actor, lambda a: policy.can_enter_conflict(a, for_another=True))
    if interest.person_id not in {person_id for person_id, _ in items.list_voters()}:
        raise Invalid("person_id", "Select who has a conflict of interest")
    _recuse(item, interest.person_id, interest, declared_by=actor.person_id)


def defer(actor: Actor, item: PanelItem) -> None:
    """Off this agenda, to wait for the next meeting."""
    authorise(actor, policy.can_defer)
    item.defer()


def check_papers(item: PanelItem) -> None:
    """Raises Conflict for a request whose papers nobody may use any more."""
    if not items.has_papers(item):
        raise Conflict("The sharing of this request has ended. The panel cannot go on with it.")


def _recuse(item: PanelItem, person_id: UUID, interest: Interest, *, declared_by: UUID) -> None:
    recusal = Recusal(
        id=new_id(), home_tenant_id=item.home_tenant_id, share_id=item.share_id, person_id=person_id,
        kind=interest.kind, reason=interest.reason, declared_by=declared_by,
    )  # fmt: skip
    db.session.add(recusal)
