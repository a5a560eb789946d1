"""What happens next for one child, when, and who does it: first what waits for the reader."""

from typing import Any

from flask import url_for
from markupsafe import Markup

from app.family_portal.read import Overview

LINK = Markup('<a class="govuk-link" href="{}">{}</a>')


def steps_for(overview: Overview) -> list[dict[str, Any]]:
    """For the "What happens next" list. Never empty: that there is nothing to do is said too."""
    steps = [*_questions(overview), *_new_plan(overview), *_review(overview)]
    if steps:
        return steps
    return [{
        "what": "There is nothing for you to do now",
        "when": "We send you a mail when there is",
        "who": f"You can ask {overview.child.school} at any time",
    }]  # fmt: skip


def _questions(overview: Overview) -> list[dict[str, Any]]:
    child = overview.child
    if not child.responsible:
        return []
    return [
        {
            "what": LINK.format(
                url_for("family.show_ask", child_id=child.link_id, ask_id=ask.id),
                f"Say yes or no: {ask.title}",
            ),
            "when": "Take the time you need. Nothing is sent without a yes",
            "who": f"If you say no, it is not sent, and {child.name} keeps all the help they get now",
        }
        for ask in overview.waiting
    ]


def _new_plan(overview: Overview) -> list[dict[str, Any]]:
    plan, child = overview.new_plan, overview.child
    if plan is None or plan.answered:
        return []
    where = url_for("family.show_plan", child_id=child.link_id)
    return [{
        "what": LINK.format(where, "Read the new plan and say what you think"),
        "when": "The plan starts when you and the school agree",
        "who": f"You can also talk about it with {child.school}",
    }]  # fmt: skip


def _review(overview: Overview) -> list[dict[str, Any]]:
    day = overview.plan.next_review_on if overview.plan else None
    if day is None:
        return []
    return [{
        "what": "You and the school look at how the plan is going",
        "when": f"By {day.day} {day:%B %Y}",
        "who": f"{overview.child.school} will find a time with you",
    }]  # fmt: skip
