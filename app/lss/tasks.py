"""What there is to do before a request is sent, and afterwards: what happens, when and by whom."""

from typing import Any

from flask import url_for

from app.kernel.access import Actor, Role
from app.lss.models import Kind, Status
from app.lss.parts import PARTS, REASONS, WANTED, Part
from app.lss.read import RequestRead
from app.sharing.read import AskRead

DONE = {"text": "Completed"}
TO_DO = {"tag": {"text": "In progress", "classes": "govuk-tag--light-blue"}}
NOT_YET = {"tag": {"text": "Not yet started", "classes": "govuk-tag--blue"}}
CANNOT = {"text": "Cannot start yet", "classes": "govuk-task-list__status--cannot-start-yet"}


def tasks(actor: Actor, found: RequestRead, ask: AskRead | None) -> list[dict[str, Any]]:
    """The rows of the task list: the parts, the evidence, the family, the head, sending."""
    may_write = actor.has(Role.SENDCO)
    written = [_of_part(found, part, may_write=may_write) for part in PARTS.values()]
    return [*written, _evidence(found, may_write=may_write), _family(found, ask, may_write=may_write),
            _head(actor, found, ask), _sending(found, may_write=may_write)]  # fmt: skip


def next_steps(found: RequestRead) -> list[dict[str, Any]]:
    """For the page after sending."""
    panel = found.locality_name or "Your locality"
    steps: list[dict[str, Any]] = [
        {
            "what": "You sent the request",
            "when": _day(found.submitted_at),
            "who": found.school_name,
            "done": True,
        },
        {
            "what": "The panel reads it and talks about it",
            "when": "At its next meeting. The clerk puts it on the agenda",
            "who": panel,
            "done": found.decided_at is not None,
        },
        {
            "what": "You, the headteacher and the family hear at the same time",
            "when": _day(found.decided_at) or "On the day of the decision",
            "who": panel,
            "done": found.decided_at is not None,
        },
    ]
    if found.status is Status.MORE_INFORMATION:
        steps.append({"what": "You answer the panel’s question and send the request again", "who": "SENDCO"})
    return steps


def _of_part(found: RequestRead, part: Part, *, may_write: bool) -> dict[str, Any]:
    answers = [getattr(found, question.name).strip() for question in part.questions]
    optional = found.kind is Kind.DISCUSSION and part not in (WANTED, REASONS)
    full = all(answers) and (
        part is not WANTED or found.kind is not Kind.MONEY or bool(found.amount_pence and found.terms)
    )
    status = DONE if full else TO_DO if any(answers) else {"text": "Optional"} if optional else NOT_YET
    href = url_for("lss.edit_part", request_id=found.id, part_name=part.name) if may_write else None
    return _row(part.title, status, href)


def _evidence(found: RequestRead, *, may_write: bool) -> dict[str, Any]:
    count = len(found.documents)
    said = (
        {"text": "Optional"} if not count else {"text": "1 document" if count == 1 else f"{count} documents"}
    )
    href = url_for("lss.edit_evidence", request_id=found.id) if may_write else None
    return _row("Documents that go with it", said, href)


def _family(found: RequestRead, ask: AskRead | None, *, may_write: bool) -> dict[str, Any]:
    title = "The family reads it and agrees"
    if ask is not None and ask.closed_at is None:
        words = {"given": "Agreed", "refused": "One parent said no", "withdrawn": "Consent withdrawn"}
        state = ask.standing.state.value
        status = (
            DONE
            if ask.standing.given
            else {"tag": {"text": words.get(state, "Waiting"), "classes": "govuk-tag--yellow"}}
        )
        return _row(
            title,
            status,
            url_for("sharing.show_ask", ask_id=ask.id),
            "See who has answered, or write an answer down",
        )
    if found.missing or not may_write:
        return _row(title, CANNOT, None, "When nothing is missing")
    return _row(title, NOT_YET, url_for("lss.new_ask", request_id=found.id), "Check what they will read")


def _head(actor: Actor, found: RequestRead, ask: AskRead | None) -> dict[str, Any]:
    title = "The headteacher authorises it"
    if found.status is Status.AUTHORISED:
        return _row(title, DONE, None, f"{found.authorised_by_name}, {_day(found.authorised_at)}")
    own = actor.person_id in (found.created_by, *found.editors)
    if ask is None or not ask.standing.given:
        return _row(title, CANNOT, None, "When the family has agreed")
    if not actor.has(Role.HEADTEACHER) or own:
        return _row(
            title,
            {"tag": {"text": "Waiting", "classes": "govuk-tag--yellow"}},
            None,
            "A headteacher who did not write it",
        )
    return _row(title, NOT_YET, url_for("lss.new_authorisation", request_id=found.id))


def _sending(found: RequestRead, *, may_write: bool) -> dict[str, Any]:
    if found.status is Status.AUTHORISED and may_write:
        return _row("Send it to the panel", NOT_YET, url_for("lss.new_submission", request_id=found.id))
    return _row("Send it to the panel", CANNOT, None, "When the headteacher has authorised it")


def _row(title: str, status: dict[str, Any], href: str | None, hint: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {"title": {"text": title}, "status": status}
    return row | ({"href": href} if href else {}) | ({"hint": {"text": hint}} if hint else {})


def _day(moment: Any) -> str:
    return f"{moment.day} {moment:%B %Y}" if moment else ""
