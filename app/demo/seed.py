"""Makes the demo's partnership, once."""

from datetime import timedelta
from os import environ
from uuid import UUID

import psycopg
from flask import current_app

from app.demo import people, plans
from app.demo.cast import CHILDREN, FENWICK, LARKRISE, LOCALITY, MILLBROOK, PASSWORD, STAFF
from app.demo.plans import Desk
from app.foundation import create_worker_app
from app.kernel.access import ROLE_NAMES
from app.kernel.clock import today
from infrastructure.settings import Settings


class NotADemo(Exception):
    """Fictional people have no business in a real partnership."""


def seed() -> bool:
    """False when the demo has its people already. Raises NotADemo outside the demo."""
    if environ.get("DEMO") != "1":
        raise NotADemo("Only the demo is filled with fictional people.")
    # The story is told with the rights of the web, which is more than the operator's command line has.
    app = create_worker_app(Settings.from_environment(environ, needs=("database", "storage")))
    app.config["ADAPTERS"].storage.prepare()
    with app.app_context():
        return _tell_story()


def _tell_story() -> bool:
    with psycopg.connect(_admin_url()) as admin:
        if admin.execute("select 1 from tenant limit 1").fetchone():
            return False
        places = people.add_places(admin)
        staff = people.add_staff(admin, places)
        children = people.add_children(admin, places, staff)
        people.add_families(admin, places, children)
        _add_fund(admin, places[LOCALITY], staff["Neil Brandt"])
    _write_history(places, staff, children)
    with psycopg.connect(_admin_url()) as admin:
        # People's answers are dated by PostgreSQL, all of them today: the demo's were given on other days.
        admin.execute("set session_replication_role = replica")
        admin.execute(
            "update plan_agreement set recorded_at = (happened_on + time '10:00') at time zone 'Europe/London'"
        )
        admin.execute(
            "update plan set agreed_at = a.recorded_at from plan_agreement a where a.tenant_id = plan.tenant_id "
            "and a.plan_id = plan.id and a.agreed"
        )
        # What happened before the demo began has been told already.
        admin.execute("update outbox_entry set expanded_at = now()")
    return True


def sign_ins() -> str:
    """What to try, for the terminal."""
    domain, scheme = environ["DOMAIN"], environ.get("SCHEME", "http")
    lines = [f"Everybody's password: {PASSWORD}   (the code is shown on the sign-in page)", ""]
    for slug in (LARKRISE, LOCALITY, MILLBROOK, FENWICK):
        lines.append(f"{scheme}://{slug}.{domain}")
        for member in STAFF:
            roles = next((roles for place, roles in member.posts if place == slug), ())
            if roles:
                lines.append(f"   {member.email:40} {', '.join(ROLE_NAMES[role] for role in roles)}")
    lines += [
        f"{scheme}://family.{domain}",
        "   chika.okonjo@home.example                mother of Amara (Larkrise) and Chidi (Millbrook)",
        "   david.vale@home.example                  father of both",
        f"{scheme}://{domain}/dev/mail   the mails, with codes and links",
    ]
    return "\n".join(lines)


def _admin_url() -> str:
    """The administrator's way into the demo's own database."""
    database = str(current_app.config["SQLALCHEMY_DATABASE_URI"]).rsplit("/", 1)[1]
    return environ["ADMIN_DATABASE_URL"].rsplit("/", 1)[0] + "/" + database


def _add_fund(admin: people.Admin, locality: UUID, finance: UUID) -> None:
    year = today().year if today().month >= 4 else today().year - 1
    fund = people.add(
        admin, "fund", tenant_id=locality, name="Locality fund", year=f"{year}-{(year + 1) % 100:02d}"
    )
    people.add(
        admin,
        "fund_entry",
        tenant_id=locality,
        fund_id=fund,
        kind="opening",
        amount_pence=40_000_00,
        person_id=finance,
        note="Opening balance",
    )


def _write_history(places: dict[str, UUID], staff: dict[str, UUID], children: dict[str, UUID]) -> None:
    """Amara has two reviewed cycles and a costed plan: ready to ask for money. The others stand where others stand."""
    needs = {child.first: child.needs for child in CHILDREN}
    larkrise = Desk(places[LARKRISE], staff["Priya Nair"], "Priya Nair")
    millbrook = Desk(places[MILLBROOK], staff["Daniel Osei"], "Daniel Osei")
    now = today()

    first = plans.first_plan(larkrise, children["Amara"], needs["Amara"], now - timedelta(weeks=38))
    second = plans.review(
        larkrise,
        first,
        now - timedelta(weeks=24),
        "some_progress",
        child_says="I like the cards with the fox.",
        next_on=now - timedelta(weeks=11),
    )
    plans.review(
        larkrise,
        second,
        now - timedelta(weeks=10),
        "some_progress",
        child_says="It is still loud at lunch.",
        next_on=now + timedelta(weeks=3),
    )
    plans.child_says(
        larkrise, children["Amara"], now - timedelta(weeks=10), "I want to sit near the pond window."
    )
    plans.first_plan(larkrise, children["Idris"], needs["Idris"], now - timedelta(weeks=14))
    plans.first_plan(larkrise, children["Teddy"], needs["Teddy"], now - timedelta(weeks=8))
    plans.draft_plan(larkrise, children["Ilyas"], needs["Ilyas"], now - timedelta(weeks=1), shared=True)
    plans.draft_plan(larkrise, children["Wiktor"], needs["Wiktor"], now - timedelta(days=2))
    plans.first_plan(millbrook, children["Noor"], needs["Noor"], now - timedelta(weeks=12))
    plans.first_plan(millbrook, children["Chidi"], needs["Chidi"], now - timedelta(weeks=5))
