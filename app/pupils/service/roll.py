"""Bringing a roll in from a file, and taking it out: the school admin only."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from app.kernel.access import Actor, authorise
from app.kernel.clock import now, today
from app.kernel.errors import Invalid
from app.pupils import policy
from app.pupils.models import RollExport, RollImport
from app.pupils.roll_file import RollFileRefused, read_roll
from app.pupils.roll_held import pack, unpack
from app.pupils.roll_known import KnownPupil, read_known
from app.pupils.roll_plan import Plan, plan_import
from app.pupils.roll_write import write_plan
from infrastructure.database.door import db
from tenants import context

CHANGED = "The roll has changed since you looked at this list. Check it again, then import"


class Answered:
    """Yes to the list as it was shown, and what was said about the rows that were asked about (`row_12`)."""

    def __init__(self, fingerprint: str, **rows: str) -> None:
        self.fingerprint = fingerprint
        self.answers = {int(name.removeprefix("row_")): said for name, said in rows.items()}


def hold_file(actor: Actor, import_id: UUID, content: bytes | None) -> None:
    """Keep what a file says, to look at it. Raises Invalid when there is none, or it cannot be read at all."""
    authorise(actor, policy.can_import)
    if content is None:
        raise Invalid("file", "Select a CSV file")
    try:
        roll = read_roll(content)
    except RollFileRefused as refused:
        raise Invalid("file", str(refused)) from None
    held = RollImport(
        id=import_id,
        person_id=actor.person_id,
        rows=pack(roll.rows),
        unused_headings=[heading[:100] for heading in roll.unused_headings[:100]],
        confirmed_at=None,
    )
    db.session.add(held)


def preview(held: RollImport, answers: Mapping[int, str]) -> Plan:
    return plan_import(unpack(held.rows), read_known(), answers, today())


def confirm_import(actor: Actor, held: RollImport, said: Answered) -> None:
    """Write every good row, all or nothing. Raises Invalid when the list is no longer the one that was shown."""
    authorise(actor, policy.can_import)
    # One import of a school at a time: two that know of the same pupils would each add the new ones.
    db.session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"roll {context.tenant_id()}", 0)))
    )
    rows, known = unpack(held.rows), read_known()
    if plan_import(rows, known, {}, today()).fingerprint != said.fingerprint:
        raise Invalid("import", CHANGED)
    plan = plan_import(rows, known, said.answers, today())
    if plan.asked:
        first = plan.asked[0]
        raise Invalid(f"row_{first.row.row_number}", f"Row {first.row.row_number}: {first.question}")
    held.confirm(added=len(plan.new), changed=len(plan.changed), at=now())
    write_plan(plan)


def export_roll(actor: Actor) -> list[KnownPupil]:
    """Everybody on the roll with their UPN. The export itself is written down for good."""
    authorise(actor, policy.can_import)
    pupils = [pupil for pupil in read_known() if pupil.left_on is None]
    db.session.add(RollExport(person_id=actor.person_id, pupils=len(pupils)))
    return pupils
