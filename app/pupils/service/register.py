"""Keeping the register by hand: adding and changing a pupil, leaving and coming back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import set_committed_value

from app.kernel.access import Actor, authorise
from app.kernel.clock import today
from app.kernel.errors import Invalid
from app.kernel.names import tidy
from app.pupils import policy, queries
from app.pupils.models import Pupil, PupilNeed, PupilUpn
from app.pupils.upn import check_upn
from infrastructure.database.door import db


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilAnswers:
    """What somebody says about a pupil. `upn` is None when it was not theirs to say."""

    legal_surname: str
    legal_forenames: str
    preferred_forename: str = ""
    preferred_surname: str = ""
    born_on: date
    year_group: str
    class_id: UUID | None = None
    sen_provision: str
    need_1: str | None = None
    need_2: str | None = None
    joined_on: date | None = None
    upn: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Departure:
    left_on: date


def add_pupil(actor: Actor, pupil_id: UUID, answers: PupilAnswers) -> None:
    """Raises Invalid for a birthday to come, a class of another school or a UPN that cannot be right."""
    authorise(actor, policy.can_keep_roll)
    _check(answers)
    pupil = Pupil(id=pupil_id, left_on=None)
    _write(pupil, answers)
    db.session.add(pupil)
    db.session.flush()  # needs and UPN refer to it, and there is no relationship to sort them by
    _keep_needs(pupil, answers)
    _keep_upn(actor, pupil, answers.upn)


def change_pupil(actor: Actor, pupil: Pupil, answers: PupilAnswers) -> None:
    """Raises StaleDataError when somebody else saved since the form was opened."""
    authorise(actor, policy.can_keep_roll)
    _check(answers)
    set_committed_value(pupil, "version", answers.version)
    _write(pupil, answers)
    db.session.flush()  # a stale form is found before anything else is touched
    _keep_needs(pupil, answers)
    _keep_upn(actor, pupil, answers.upn)


def record_departure(actor: Actor, pupil: Pupil, departure: Departure) -> None:
    authorise(actor, policy.can_keep_roll)
    if departure.left_on > today():
        raise Invalid("left_on", "The date they left must be today or in the past")
    if departure.left_on < pupil.born_on:
        raise Invalid("left_on", "The date they left must be after the date of birth")
    pupil.leave(on=departure.left_on)


def record_return(actor: Actor, pupil: Pupil) -> None:
    authorise(actor, policy.can_keep_roll)
    pupil.come_back()


def _check(answers: PupilAnswers) -> None:
    if answers.born_on >= today():
        raise Invalid("born_on", "Date of birth must be in the past")
    if answers.class_id and answers.class_id not in {line.id for line in queries.list_classes()}:
        raise Invalid("class_id", "Choose a class from the list")
    if answers.need_2 and answers.need_2 == answers.need_1:
        raise Invalid("need_2", "Second need must be different from the main need")


def _write(pupil: Pupil, answers: PupilAnswers) -> None:
    pupil.legal_surname = tidy(answers.legal_surname)
    pupil.legal_forenames = tidy(answers.legal_forenames)
    pupil.preferred_forename = tidy(answers.preferred_forename) or pupil.legal_forenames
    pupil.preferred_surname = tidy(answers.preferred_surname) or None
    pupil.born_on = answers.born_on
    pupil.year_group = int(answers.year_group)
    pupil.class_id = answers.class_id
    pupil.sen_provision = answers.sen_provision
    pupil.joined_on = answers.joined_on
    pupil.file_name()


def _keep_needs(pupil: Pupil, answers: PupilAnswers) -> None:
    said: Sequence[str] = [code for code in (answers.need_1, answers.need_2) if code]
    of_pupil = select(PupilNeed.code).where(PupilNeed.pupil_id == pupil.id).order_by(PupilNeed.rank)
    if list(db.session.scalars(of_pupil)) == said:
        return
    db.session.execute(delete(PupilNeed).where(PupilNeed.pupil_id == pupil.id))
    db.session.add_all(
        PupilNeed(pupil_id=pupil.id, rank=rank, code=code) for rank, code in enumerate(said, 1)
    )


def _keep_upn(actor: Actor, pupil: Pupil, text: str | None) -> None:
    """An empty answer keeps what is there: a UPN is for life, and only a wrong one is replaced."""
    if not text or not policy.can_see_upn(actor):
        return
    result = check_upn(text)
    if result.upn is None:
        raise Invalid("upn", result.problem or "Enter a UPN")
    holder = db.session.scalar(select(PupilUpn).where(PupilUpn.upn == result.upn))
    if holder is not None and holder.pupil_id != pupil.id:
        raise Invalid("upn", "Another pupil of this school has this UPN. Check both")
    held = db.session.scalar(select(PupilUpn).where(PupilUpn.pupil_id == pupil.id))
    if held is None:
        db.session.add(PupilUpn(pupil_id=pupil.id, upn=result.upn))
    else:
        held.upn = result.upn
