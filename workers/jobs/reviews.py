"""What follows from reviews, and the reminders of those that come."""

from datetime import date, timedelta

from app.kernel import clock
from app.notifications import service as notifications
from app.plans import queries as plans
from app.plans.events import ReviewsDue
from app.reviews import queries
from app.reviews.events import ReviewRecorded
from workers.errand import Errand
from workers.jobs.plans import responsible_for, tell_guardians

# Days before a review on which a reminder is due; the day after it, one more.
THRESHOLDS = (21, 7, -1)


def tell_family_of_review(event: ReviewRecorded, _: Errand) -> None:
    plan = plans.find_plan(event.plan_id)
    if plan is not None:
        tell_guardians("review_done", plan.pupil_id)


def remind_of_reviews(_: ReviewsDue, __: Errand) -> None:
    """SENDCO and class teachers, at most once for each plan and threshold, however often this runs."""
    today = clock.today()
    due = queries.list_due(today + timedelta(days=max(THRESHOLDS)))
    reminded = queries.last_reminders([f"/plans/{review.plan_id}" for review in due])
    for review in due:
        path = f"/plans/{review.plan_id}"
        since = crossed_on(review.next_review_on, today)
        people = [
            person_id
            for person_id in sorted(responsible_for(review.pupil_id))
            if (last := reminded.get((path, person_id))) is None or clock.london(last).date() < since
        ]
        if people:
            notifications.tell(
                people,
                "review_due",
                path,
                audience="school",
                pupil_id=review.pupil_id,
                due_on=review.next_review_on,
            )


def crossed_on(next_review_on: date, today: date) -> date:
    """The day of the last threshold that has been reached: a reminder since then was for this one."""
    days = (next_review_on - today).days
    return next_review_on - timedelta(days=min(mark for mark in THRESHOLDS if days <= mark))
