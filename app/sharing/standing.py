"""Where an ask stands when several adults may answer: one yes is enough, one no is too much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class State(StrEnum):
    """Whether the school may share."""

    GIVEN = "given"
    REFUSED = "refused"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of one adult, as far as the rule needs it."""

    consent_id: UUID
    contact_id: UUID | None
    given: bool
    expires_on: date
    withdrawn: bool

    @property
    def objects(self) -> bool:
        """A no that was not taken back, or a yes that was."""
        return self.given is self.withdrawn


@dataclass(frozen=True, slots=True)
class Standing:
    """`consent_id` is the yes that a share may stand on, while the state is given."""

    state: State
    consent_id: UUID | None = None

    @property
    def given(self) -> bool:
        return self.state is State.GIVEN


def stand(answers: Sequence[Answered], on: date) -> Standing:
    """The last answer of each adult counts; `answers` are in the order in which they were given.

    A no holds everything up until that adult says yes, also when the school asks again; a yes taken back does so too.
    """
    last = {answer.contact_id or answer.consent_id: answer for answer in answers}.values()
    if any(not answer.given and not answer.withdrawn for answer in last):
        return Standing(State.REFUSED)
    if any(answer.given and answer.withdrawn for answer in last):
        return Standing(State.WITHDRAWN)
    yes = [answer for answer in last if answer.given]
    if not yes:
        return Standing(State.WAITING)
    longest = max(yes, key=lambda answer: answer.expires_on)
    return Standing(State.GIVEN, longest.consent_id) if longest.expires_on >= on else Standing(State.EXPIRED)
