"""What there is to do before a request is sent, and afterwards: what happens, when and by whom."""

from typing import Any

from flask import url_for

from app.casework.tasks import (
    CANNOT,
    DONE,
    IN_PROGRESS,
    NOT_YET,
    OPTIONAL,
    Row,
    is_agreed,
    of_evidence,
    of_family,
    row,
    waiting,
)
from app.kernel.access import Actor, Role
from app.lss.models import Kind, Status
from app.lss.parts import PARTS, REASONS, WANTED, Part
from app.lss.read import RequestRead
from app.sharing.read import AskRead

AFTER = {
    "agree": "You write what was agreed into the plan, with the family",
    "agree_in_part": "You write what was agreed into the plan, and talk through the rest with the family",
    "decline": "You talk it through with the family. You can ask again when something has changed",
    "more_information": "You answer the panel’s question and send the request again",
}


def tasks(actor: Actor, found: RequestRead, ask: AskRead | None) -> list[Row]:
    """The rows of the task list: the parts, the evidence, the family, the head, sending."""

    def page(view: str, **more: Any) -> str | None:
        return url_for(f"lss.{view}", request_id=found.id, **more) if actor.has(Role.SENDCO) else None

    ask_page = url_for("sharing.show_ask", ask_id=found.ask_id) if found.ask_id else ""
    return [
        *(row(part.title, _how_full(found, part), page("edit_part", part_name=part.name)) for part in PARTS.values()),
        of_evidence(found, page("edit_evidence")),
        of_family(found, ask, ask_page=ask_page, new_ask=page("new_ask")),
        _head(actor, found, ask),
        _sending(found, page("new_submission")),
    ]  # fmt: skip


def next_steps(found: RequestRead) -> list[dict[str, Any]]:
    """For the page after sending."""
    panel = found.guest_name
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
    if found.decision:
        steps.append({"what": AFTER[found.decision["outcome"]], "who": "SENDCO"})
    return steps


def _how_full(found: RequestRead, part: Part) -> Row:
    answers = [getattr(found, question.name).strip() for question in part.questions]
    optional = found.kind is Kind.DISCUSSION and part not in (WANTED, REASONS)
    priced = part is not WANTED or found.kind is not Kind.MONEY or bool(found.amount_pence and found.terms)
    if all(answers) and priced:
        return DONE
    return IN_PROGRESS if any(answers) else OPTIONAL if optional else NOT_YET


def _head(actor: Actor, found: RequestRead, ask: AskRead | None) -> Row:
    title = "The headteacher authorises it"
    if found.status is Status.AUTHORISED:
        return row(title, DONE, hint=f"{found.authorised_by_name}, {_day(found.authorised_at)}")
    if not is_agreed(ask):
        return row(title, CANNOT, hint="When the family has agreed")
    if not actor.has(Role.HEADTEACHER) or actor.person_id in (found.created_by, *found.editors):
        return row(title, waiting(), hint="A headteacher who did not write it")
    return row(title, NOT_YET, url_for("lss.new_authorisation", request_id=found.id))


def _sending(found: RequestRead, href: str | None) -> Row:
    if found.status is Status.AUTHORISED and href:
        return row("Send it to the panel", NOT_YET, href)
    if found.status is Status.AUTHORISED:
        return row("Send it to the panel", waiting(), hint="The SENDCO sends it next")
    return row("Send it to the panel", CANNOT, hint="When the headteacher has authorised it")


def _day(moment: Any) -> str:
    return f"{moment.day} {moment:%B %Y}" if moment else ""
