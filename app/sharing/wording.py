"""The words that an adult agrees to: who may send what to whom, for what, and that saying no costs nothing."""

from app.sharing.models import Purpose

_SENDING = {
    Purpose.REFERRAL: "I agree that {school} may send this referral to {guest}. "
    "They will use it to decide how they can help {child}.",
    Purpose.LSS: "I agree that {school} may send this request to {guest}. "
    "People from other schools will read it. They will use it to decide what help to give {child}.",
    Purpose.EHC: "I agree that {school} may send these papers to {guest}. "
    "They will use them to decide if {child} needs an education, health and care (EHC) needs assessment.",
}
_ALWAYS = (
    "I have read what will be sent. The service will keep its own record. "
    "I can change my mind at any time. I can do that here, or I can tell the school. "
    "If I say no, {child} keeps all the help they get now."
)
_EHC_RIGHT = (
    "I know that I can ask the council for an education, health and care (EHC) needs assessment at any time. "
    "I do not have to wait for an answer to this request."
)


def wording_of(purpose: str, *, school: str, guest: str, child: str) -> str:
    """Paragraphs, with an empty line between them."""
    parts = [_SENDING[Purpose(purpose)], _ALWAYS]
    if tells_about_ehc(purpose):
        parts.append(_EHC_RIGHT)
    return "\n\n".join(part.format(school=school, guest=guest, child=child) for part in parts)


def tells_about_ehc(purpose: str) -> bool:
    """Whether the adult must hear that they may ask the council for an assessment themselves."""
    return purpose == Purpose.LSS
