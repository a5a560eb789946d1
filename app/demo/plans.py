"""The history of the demo's plans, told through the same services that the pages use, with the clock held back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from uuid import UUID

from app.kernel import clock
from app.kernel.access import Actor, Audience, Role
from app.plans import drafting, service
from app.plans import queries as plans
from app.plans.drafting import About, Dates, Need, Needs, TargetWords
from app.plans.models import Plan
from app.plans.service import Agreement, Opening
from app.provision.service import Line
from app.pupils import queries as pupils
from app.reviews import service as reviews
from app.reviews.service import Reviewed, TargetResult
from app.voice import service as voice
from app.voice.service import ChildWords
from infrastructure.database.door import unit_of_work
from tenants import context


@dataclass(frozen=True, slots=True)
class Desk:
    """A SENDCO at work: everything below happens in their name."""

    tenant_id: UUID
    person_id: UUID
    name: str

    @property
    def actor(self) -> Actor:
        return Actor(self.person_id, self.tenant_id, Audience.SCHOOL, frozenset({Role.SENDCO}), self.name)

    @contextmanager
    def on(self, day: date) -> Iterator[Actor]:
        """One unit of work on a day in the past, at ten in the morning."""
        binding = context.of_tenant(
            self.tenant_id, audience="school", person_id=self.person_id, roles=(Role.SENDCO.value,)
        )
        with clock.frozen(clock.instant(day, time(10))), unit_of_work(binding):
            yield self.actor


WORDS = {
    "SLCN": TargetWords(
        need_code="SLCN",
        title="Tell a story in the right order",
        baseline="Says two things that happened, with pictures to help",
        success_criterion="Says four things in order, three times out of four",
        school_will="Run a story group with picture cards",
        home_will="Talk about the day at tea time: first, then, last",
        pupil_will="Use my story cards",
        who="Bea Lowther, teaching assistant",
        how_often="4 times a week, 30 minutes",
    ),
    "SEMH": TargetWords(
        need_code="SEMH",
        title="Ask for a break before it gets too much",
        baseline="Leaves the room without asking on most days",
        success_criterion="Shows the break card on 4 days out of 5",
        school_will="Keep a break card on the desk and say yes to it",
        home_will="Use the same card at home",
        pupil_will="Show my card when my tummy feels tight",
        who="Class teacher",
        how_often="Every day",
    ),
}
FALLBACK = TargetWords(
    need_code="",
    title="Read a short story with fewer than five mistakes",
    baseline="Reads with about twelve mistakes on a page",
    success_criterion="Fewer than five mistakes on two new stories",
    school_will="Read one to one every day",
    home_will="Read together for ten minutes at bedtime",
    pupil_will="Point under each word",
    who="Teaching assistant",
    how_often="Every day, 10 minutes",
)
LINES = (
    Line("Story language group", "Teaching assistant", 30, 4, 38, 4, hourly_rate_pence=16_20),
    Line("Reading one to one", "Teaching assistant", 10, 5, 38, 1, hourly_rate_pence=16_20),
    Line(
        "Key adult each morning and after lunch", "Teaching assistant", 45, 10, 38, 1, hourly_rate_pence=16_20
    ),
    Line("Ear defenders", one_off_pence=18_50),
)


def first_plan(desk: Desk, child: UUID, needs: tuple[str, ...], started_on: date) -> UUID:
    """A first plan, written and agreed in a meeting on the day that it starts."""
    with desk.on(started_on) as actor:
        plan = service.open_plan(actor, child, Opening())
        _write(actor, plan, needs, started_on)
        plan_id = plan.id
    agree(desk, plan_id, started_on)
    return plan_id


def draft_plan(
    desk: Desk, child: UUID, needs: tuple[str, ...], started_on: date, *, shared: bool = False
) -> UUID:
    """A plan that nobody has agreed yet; shared ones wait for the family."""
    with desk.on(started_on) as actor:
        plan = service.open_plan(actor, child, Opening())
        _write(actor, plan, needs, started_on)
        plan_id = plan.id
    if shared:
        with desk.on(started_on) as actor:
            service.share_plan(actor, plans.load_plan(plan_id), plans.get_plan(plan_id))
    return plan_id


def _write(actor: Actor, plan: Plan, needs: tuple[str, ...], started_on: date) -> None:
    drafting.write_about(
        actor,
        plan,
        About(
            plan.version,
            "Kind and curious. Notices when other children are sad. Loves numbers and the school pond.",
            "Finds long instructions hard to follow and gets upset when the plan of the day changes.",
            "Joins in with every lesson and has two good friends by the end of the year.",
        ),
    )
    chosen = tuple(Need(code, "Needs short steps, pictures and time to think") for code in needs or ("NSA",))
    drafting.choose_needs(actor, plan, Needs(plan.version, chosen))
    for code in needs:
        drafting.add_target(actor, plan, WORDS.get(code) or _for(code))
    for line in LINES:
        drafting.add_line(actor, plan, line)
    drafting.set_dates(actor, plan, Dates(plan.version, started_on, started_on + timedelta(weeks=12)))


def _for(code: str) -> TargetWords:
    return replace(FALLBACK, need_code=code)


def agree(desk: Desk, plan_id: UUID, day: date) -> None:
    """Shared, talked through in a meeting and agreed."""
    with desk.on(day) as actor:
        service.share_plan(actor, plans.load_plan(plan_id), plans.get_plan(plan_id))
    with desk.on(day) as actor:
        plan = plans.load_plan(plan_id)
        answer = Agreement(True, plan.version, "meeting", "Their mother", "Thank you for listening.", day)
        service.agree(actor, plan, answer)


def review(desk: Desk, plan_id: UUID, day: date, outcome: str, *, child_says: str, next_on: date) -> UUID:
    """A review, and the next plan that it opens, agreed on the same day. Returns the next plan's id."""
    with desk.on(day) as actor:
        view = plans.get_plan(plan_id)
        results = tuple(
            TargetResult(target.id, outcome, "Notes in class each week", True) for target in view.targets
        )
        opened = reviews.record_review(
            actor,
            plans.load_plan(plan_id),
            Reviewed(
                day,
                "attended",
                next_on,
                results,
                "It has helped at home too.",
                child_says,
                "interview",
                "A good term. Some things are easier, others need more time.",
            ),
        )
        assert opened is not None
        next_id = opened.id
    agree(desk, next_id, day)
    return next_id


def child_says(desk: Desk, child: UUID, day: date, words: str) -> None:
    with desk.on(day) as actor:
        said = ChildWords(day, "drawing", words, "Bea Lowther")
        voice.record_pupil_view(actor, pupils.load_pupil(child), said)
