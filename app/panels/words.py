"""How the panel's codes are said to people."""

from app.kernel.years import year_name

KINDS = {
    "discussion": "A discussion",
    "advice": "Advice",
    "school_to_school": "Help from another school",
    "training": "Training",
    "money": "Money",
}
OUTCOMES = {
    "agree": "Agreed",
    "agree_in_part": "Agreed in part",
    "more_information": "More information needed",
    "decline": "Not agreed",
}
CHOICES = {
    "agree": "Agree",
    "agree_in_part": "Agree in part",
    "more_information": "Ask for more information",
    "decline": "Decline",
    "abstain": "Abstain",
}
STATUSES = {
    "waiting": ("Waiting", "govuk-tag--grey"),
    "on_agenda": ("To decide", "govuk-tag--blue"),
    "decided": ("Decided", "govuk-tag--green"),
    "deferred": ("Deferred", "govuk-tag--yellow"),
    "withdrawn": ("Withdrawn", "govuk-tag--grey"),
}
MEETING_STATUSES = {
    "planned": ("Being prepared", "govuk-tag--grey"),
    "pack_sent": ("Pack sent", "govuk-tag--blue"),
    "held": ("Held", "govuk-tag--green"),
    "closed": ("Closed", "govuk-tag--green"),
    "cancelled": ("Cancelled", "govuk-tag--grey"),
}
CONFLICTS = {
    "professional": "I work or have worked with this child",
    "family": "I am family, a friend or a neighbour of this child",
    "declared": "I have another interest in this request",
}
CONFLICT_NAMES = {
    "own_school": "Works at the school",
    "family": "Family or friend",
    "professional": "Works or has worked with the child",
    "declared": "Another interest",
}


def year_group(number: object) -> str:
    """As frozen in the papers of a request; nothing when they do not say."""
    return year_name(number) if isinstance(number, int) else ""
