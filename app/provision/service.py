"""Lines of provision in a plan that somebody is drafting. The rooms above say who may."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from app.kernel.errors import Invalid, NotFound
from app.kernel.ids import new_id
from app.provision.models import Provision
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True)
class Line:
    """What help, by whom and how much. Without prices (None) the line keeps those that it has."""

    name: str
    who: str = ""
    minutes_per_session: int = 0
    sessions_per_week: int = 0
    weeks: int = 0
    group_size: int = 1
    hourly_rate_pence: int | None = None
    one_off_pence: int | None = None
    version: int | None = None


def add_line(plan_id: UUID, pupil_id: UUID, line: Line) -> Provision:
    """PostgreSQL refuses a line for a plan that is not a draft."""
    last = db.session.scalar(select(func.max(Provision.position)).where(Provision.plan_id == plan_id)) or 0
    made = Provision(
        id=new_id(),
        plan_id=plan_id,
        pupil_id=pupil_id,
        position=last + 1,
        hourly_rate_pence=0,
        one_off_pence=0,
    )
    _write(made, line)
    db.session.add(made)
    return made


def change_line(plan_id: UUID, line_id: UUID, line: Line) -> None:
    held = _load(plan_id, line_id)
    set_committed_value(held, "version", line.version)
    _write(held, line)


def remove_line(plan_id: UUID, line_id: UUID) -> None:
    db.session.delete(_load(plan_id, line_id))


def _load(plan_id: UUID, line_id: UUID) -> Provision:
    found = db.session.scalar(select(Provision).where(Provision.plan_id == plan_id, Provision.id == line_id))
    if found is None:
        raise NotFound
    return found


def _write(held: Provision, line: Line) -> None:
    _check(line)
    held.name, held.who = line.name, line.who
    held.minutes_per_session, held.sessions_per_week = line.minutes_per_session, line.sessions_per_week
    held.weeks, held.group_size = line.weeks, line.group_size
    if line.hourly_rate_pence is not None:
        held.hourly_rate_pence = line.hourly_rate_pence
    if line.one_off_pence is not None:
        held.one_off_pence = line.one_off_pence
    held.work_out_cost()


def _check(line: Line) -> None:
    """Time is told completely or not at all: half of it would cost nothing and nobody would notice."""
    times = {
        "minutes_per_session": (line.minutes_per_session, "Enter how many minutes each session lasts"),
        "sessions_per_week": (line.sessions_per_week, "Enter how many sessions there are in a week"),
        "weeks": (line.weeks, "Enter how many weeks it runs"),
    }
    if line.hourly_rate_pence or any(amount for amount, _ in times.values()):
        for name, (amount, sentence) in times.items():
            if not amount:
                raise Invalid(name, sentence)
        if not line.who:
            raise Invalid("who", "Enter who does this")
