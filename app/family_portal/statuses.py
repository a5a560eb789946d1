"""Where a request or a referral stands, in words for a family. Other adults' answers are never told."""

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


def of(purpose: str, status: str, decision: Mapping[str, Any] | None = None) -> str:
    """A sentence or two. A status that has no words yet says that it is on its way."""
    if status == "decided":
        return _decided(decision or {})
    return (REQUEST if purpose == "lss" else REFERRAL).get(status, "It is on its way.")


def _decided(decision: Mapping[str, Any]) -> str:
    words = [OUTCOMES.get(str(decision.get("outcome")), "The group has decided.")]
    amount, reason = decision.get("amount_pence"), decision.get("reason")
    if isinstance(amount, int):
        words.append(f"The school gets {format_pounds(amount)} for this help.")
    if isinstance(reason, str) and reason:
        words.append(f"They wrote: {reason}")
    return " ".join(words)
