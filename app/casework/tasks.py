"""Rows of the list of what there is to do before a case is sent: those that both rooms have, and how a row is made."""

from typing import Any

from app.casework.read import CaseRead
from app.sharing.read import STATES, AskRead

Row = dict[str, Any]
DONE: Row = {"text": "Completed"}
OPTIONAL: Row = {"text": "Optional"}
IN_PROGRESS: Row = {"tag": {"text": "In progress", "classes": "govuk-tag--light-blue"}}
NOT_YET: Row = {"tag": {"text": "Not yet started", "classes": "govuk-tag--blue"}}
CANNOT: Row = {"text": "Cannot start yet", "classes": "govuk-task-list__status--cannot-start-yet"}


def row(title: str, status: Row, href: str | None = None, hint: str = "") -> Row:
    made: Row = {"title": {"text": title}, "status": status}
    return made | ({"href": href} if href else {}) | ({"hint": {"text": hint}} if hint else {})


def waiting(text: str = "Waiting") -> Row:
    return {"tag": {"text": text, "classes": "govuk-tag--yellow"}}


def is_agreed(ask: AskRead | None) -> bool:
    return ask is not None and ask.closed_at is None and ask.standing.given


def of_evidence(found: CaseRead, href: str | None) -> Row:
    count = len(found.documents)
    status = {"text": f"{count} document{'' if count == 1 else 's'}"} if count else OPTIONAL
    return row("Documents that go with it", status, href)


def of_family(found: CaseRead, ask: AskRead | None, *, ask_page: str, new_ask: str | None) -> Row:
    """`new_ask` is None for those who may not ask."""
    title = "The family reads it and agrees"
    if ask is not None and ask.closed_at is None:
        status = DONE if ask.standing.given else waiting(STATES[ask.standing.state])
        return row(title, status, ask_page, "See who has answered, or write an answer down")
    if found.missing or new_ask is None:
        return row(title, CANNOT, hint="When nothing is missing")
    return row(title, NOT_YET, new_ask, "Check what they will read")
