"""What has happened to a case that was not the next step on its way, and what the school can do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.casework.models import Stage
from app.casework.read import CaseRead
from app.kernel.clock import london, today
from app.sharing.read import AskRead
from app.sharing.standing import State

SAID_NO = {
    State.REFUSED: "An adult with parental responsibility has said no.",
    State.WITHDRAWN: "An adult with parental responsibility has taken back their yes.",
    State.EXPIRED: "The family’s yes has run out.",
}


@dataclass(frozen=True, slots=True)
class Turn:
    happened: str
    to_do: str


def turns(case: CaseRead, ask: AskRead | None, noun: str) -> list[Turn]:
    """At most one: the thing that matters most."""
    return list(_turns(case, ask, noun))[:1]


def _turns(case: CaseRead, ask: AskRead | None, noun: str) -> Iterator[Turn]:
    keeps = f"{case.first_name} keeps all the help they get now."
    again = f"You can start a new {noun} at any time. The family is asked again."
    unreadable = f"{case.guest_name} can no longer open it."
    if case.stopped_at is not None:
        talk = "Talk it through with the family. " if case.stopped_because == "consent_withdrawn" else ""
        yield Turn(f"{_why_stopped(case)} {unreadable} {keeps}", talk + again)
    elif case.status == Stage.WITHDRAWN:
        yield Turn(f"Your school took this {noun} back before it was sent. {keeps}", again)
    elif case.readable_until is not None and case.readable_until < today():
        over = f"The time for which the family agreed was over on {_day(case.readable_until)}."
        yield Turn(f"{over} {unreadable}", f"If it is still needed, withdraw it. {again}")
    elif ask is not None and ask.closed_at is None and ask.standing.state in SAID_NO:
        yield _of_no(case, SAID_NO[ask.standing.state], keeps, noun)


def _of_no(case: CaseRead, said: str, keeps: str, noun: str) -> Turn:
    if case.before_sending:
        to_do = (
            "Talk it through with the family. If they change their mind, write down the new answer on the page "
            f"about their consent. You can also change the {noun} and ask again, or withdraw it."
        )
        return Turn(f"{said} Nothing is sent. {keeps}", to_do)
    still = f"{case.guest_name} can still open what was sent before."
    return Turn(f"{said} {still}", f"Talk it through with the family. To stop sharing, withdraw this {noun}.")


def _why_stopped(case: CaseRead) -> str:
    assert case.stopped_at is not None
    on = _day(london(case.stopped_at).date())
    if case.stopped_because == "consent_withdrawn":
        return f"An adult with parental responsibility took back their yes on {on}."
    if case.stopped_because == "withdrawn_by_school":
        return f"Your school took it back on {on}."
    return f"Your school stopped sharing it on {on}: “{case.stopped_because}”."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
