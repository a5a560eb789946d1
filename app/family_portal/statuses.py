"""Where a request or a referral stands and what was looked at, in words for a family; never other adults' answers."""

from collections.abc import Mapping
from typing import Any

from app.kernel.money import format_pounds

SENDING = {
    "lss": "A request for help",
    "referral": "A referral",
    "ehc": "Papers",
}
REQUEST = {
    "with_family": "The school is asking families first. Nothing has been sent.",
    "agreed": "The head teacher reads it next. Nothing has been sent.",
    "authorised": "The head teacher has said yes. The school will send it soon.",
    "submitted": "The school has sent it. A group of people from schools will talk about it.",
    "more_information": "The group has asked the school a question. The school is answering it.",
    "withdrawn": "This has stopped. Nothing more is shared.",
}
REFERRAL = {
    "with_family": "The school is asking families first. Nothing has been sent.",
    "agreed": "The school will send it soon.",
    "sent": "The school has sent it. The service has not answered yet.",
    "accepted": "The service has said yes. They will contact you or the school.",
    "declined": "The service cannot help this time. The school will talk with you about what to do.",
    "question": "The service has asked the school a question.",
    "reported": "The service has sent a report. Ask the school to go through it with you.",
    "withdrawn": "This has stopped. Nothing more is shared.",
    "wrong_person": "It went to the wrong place and was closed. The school will send it to the right one.",
}
OUTCOMES = {
    "agree": "The group has said yes.",
    "agree_in_part": "The group has said yes to part of it.",
    "more_information": "The group wants to know more before it decides.",
    "decline": "The group has said no this time.",
}

AFTER = {
    "agree": "The school will talk with you about what changes in the plan.",
    "agree_in_part": "The school will talk with you about the plan, and about what else can help.",
    "decline": "The school will talk with you about what to do next.",
}
LOOKED_AT = {
    "pupil page": "The record",
    "plan": "The plan",
    "review": "How the plan is going",
    "views": "What was said",
    "request": "The request for help",
    "a request to the panel": "The request for help",
    "a document of a request to the panel": "A paper of the request for help",
    "referral": "The referral",
    "consent": "Your answers",
    "sharing": "What is shared",
    "documents": "The papers",
    "a document": "A paper",
    "contacts": "How to reach the family",
}


def of(purpose: str, status: str, decision: Mapping[str, Any] | None = None) -> str:
    """A sentence or two. A status that has no words yet says that it is on its way."""
    if status == "decided":
        return _decided(decision or {})
    return (REQUEST if purpose == "lss" else REFERRAL).get(status, "It is on its way.")


def _decided(decision: Mapping[str, Any]) -> str:
    words = [OUTCOMES.get(str(decision.get("outcome")), "The group has decided.")]
    amount, reason = decision.get("amount_pence"), decision.get("reason")
    if isinstance(amount, int):
        words.append(f"The school gets {format_pounds(amount)}{_over(decision.get('terms'))} for this help.")
    if isinstance(reason, str) and reason:
        words.append(f"They wrote: {reason}")
    return " ".join(words)


def after(status: str, decision: Mapping[str, Any] | None) -> str:
    """What comes after a decision; nothing before there is one."""
    return AFTER.get(str((decision or {}).get("outcome")), "") if status == "decided" else ""


def looked_at(what: str) -> str:
    """A page that has no words yet is named as it was noted."""
    return LOOKED_AT.get(what, what.capitalize())


def _over(terms: object) -> str:
    if not isinstance(terms, int):
        return ""
    return " over 1 term" if terms == 1 else f" over {terms} terms"
