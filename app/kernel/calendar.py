"""School days, terms and statutory clocks as pure functions of dates; a school passes in its own term dates.

A deadline is a date in London, counted once from the day something was received and never moved afterwards.
Exceptions in the law excuse a late answer; they do not change the date that people see.
"""

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5
SEPTEMBER = 9
LONG_CLOSURE_DAYS = 28
WEEKS_LEFT_FOR_A_FIRST_REVIEW = 6

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


class TermDatesMissing(ValueError):
    """The known term dates end before the answer; the sentence says what to add."""


@dataclass(frozen=True, slots=True)
class Period:
    """A run of days, both ends included."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError("The last day must be the same as or after the first day")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Term:
    """One of the school's terms; the half-term holiday lies inside it."""

    name: str
    starts_on: date
    ends_on: date
    half_term: Period | None = None

    def __post_init__(self) -> None:
        Period(self.starts_on, self.ends_on)
        if self.half_term and not (
            self.starts_on < self.half_term.starts_on and self.half_term.ends_on < self.ends_on
        ):
            raise ValueError("Half term must be inside its term")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class TermDates:
    """A school's calendar: its terms in order, and the days in them when only staff come in (INSET)."""

    terms: tuple[Term, ...]
    inset_days: frozenset[date] = field(default=frozenset())

    def __post_init__(self) -> None:
        for earlier, later in zip(self.terms, self.terms[1:], strict=False):
            if later.starts_on <= earlier.ends_on:
                raise ValueError(f"{later.name} must start after {earlier.name} ends")

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)


def is_working_day(day: date, bank_holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays


def is_school_day(day: date, terms: TermDates, bank_holidays: Collection[date]) -> bool:
    """Whether pupils have a session that day (Education Act 1996 s.579): so not INSET days."""
    term = term_of(day, terms)
    if term is None or not is_working_day(day, bank_holidays) or day in terms.inset_days:
        return False
    return term.half_term is None or day not in term.half_term


def add_working_days(day: date, days: int, bank_holidays: Collection[date]) -> date:
    """The working day that many after `day` (before it, when negative); no days is the day itself."""
    step = DAY if days > 0 else -DAY
    while days:
        day += step
        if is_working_day(day, bank_holidays):
            days -= 1 if days > 0 else -1
    return day


def add_school_days(day: date, days: int, terms: TermDates, bank_holidays: Collection[date]) -> date:
    """The school day that many after `day` (before it, when negative), for timers in school days."""
    step = DAY if days > 0 else -DAY
    while days:
        day += step
        _check_known(day, terms)
        if is_school_day(day, terms, bank_holidays):
            days -= 1 if days > 0 else -1
    return day


def add_calendar_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 31 January and one month is 28 or 29 February."""
    years, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month_index + 1
    return date(years, month, min(day.day, monthrange(years, month)[1]))


def weeks_after(day: date, weeks: int) -> date:
    """Calendar weeks: neither bank holidays nor school holidays move the answer."""
    return day + weeks * WEEK


def term_of(day: date, terms: TermDates) -> Term | None:
    """The term a day falls in, half term included; None in the holidays between terms."""
    return next((term for term in terms if day in term), None)


def academic_year_of(day: date) -> int:
    """The year in which the academic year began: it runs from 1 September to 31 August."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


def academic_year_name(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def next_review_due(last_on: date, terms: TermDates, bank_holidays: Collection[date]) -> date:
    """The latest day for the next termly review: the last school day of the term after the last review.

    Schools meet parents at least three times a year (SEND Code of Practice 6.65), so each term
    has one review, and a date in the holidays would be no use to anyone.
    """
    term = next((term for term in terms if term.starts_on > last_on), None)
    if term is None:
        raise _missing(terms)
    return _last_school_day(term, terms, bank_holidays)


def first_review_due(started_on: date, terms: TermDates, bank_holidays: Collection[date]) -> date:
    """When a new plan is first reviewed: this term if there is time to see a difference, or else the next."""
    term = term_of(started_on, terms)
    if term and weeks_after(started_on, WEEKS_LEFT_FOR_A_FIRST_REVIEW) <= term.ends_on:
        return _last_school_day(term, terms, bank_holidays)
    return next_review_due(started_on, terms, bank_holidays)


def ehc_decision_due(received_on: date) -> date:
    """The council decides whether to assess within 6 weeks of the request (SEND Regulations 2014 reg 5)."""
    return weeks_after(received_on, 6)


def ehc_advice_due(asked_on: date) -> date:
    """Professionals send their advice within 6 weeks of being asked (SEND Regulations 2014 reg 8)."""
    return weeks_after(asked_on, 6)


def ehc_no_plan_due(received_on: date) -> date:
    """A decision not to issue a plan comes within 16 weeks of the request (SEND Regulations 2014 reg 10)."""
    return weeks_after(received_on, 16)


def ehc_plan_due(received_on: date) -> date:
    """The final plan is issued within 20 weeks of the request (SEND Regulations 2014 reg 13)."""
    return weeks_after(received_on, 20)


def advice_exception(closed_from: date, reopens_on: date) -> Period | None:
    """Days when asking a school for advice may excuse a late answer (SEND Regulations 2014 reg 5(4)(a)).

    From one week before a closure of at least four weeks until one week before the school opens again. It
    only says that an exception can be claimed: the due date stays.
    """
    if (reopens_on - closed_from).days < LONG_CLOSURE_DAYS:
        return None
    return Period(closed_from - WEEK, reopens_on - WEEK)


def appeal_deadline(letter_on: date, mediation_certificate_on: date | None = None) -> date:
    """Two months from the decision letter or one month from the mediation certificate, whichever is later.

    First-tier Tribunal (HESC) Rules 2008, rule 20.
    """
    from_letter = add_calendar_months(letter_on, 2)
    if mediation_certificate_on is None:
        return from_letter
    return max(from_letter, add_calendar_months(mediation_certificate_on, 1))


def sar_due(received_on: date, bank_holidays: Collection[date]) -> date:
    """One calendar month from receipt, then the next working day (UK GDPR article 12(3)).

    School holidays do not stop this clock.
    """
    due_on = add_calendar_months(received_on, 1)
    while not is_working_day(due_on, bank_holidays):
        due_on += DAY
    return due_on


def _last_school_day(term: Term, terms: TermDates, bank_holidays: Collection[date]) -> date:
    day = term.ends_on
    while not is_school_day(day, terms, bank_holidays):
        day -= DAY
        if day < term.starts_on:
            raise TermDatesMissing(f"{term.name} has no school days. Check its dates")
    return day


def _check_known(day: date, terms: TermDates) -> None:
    if not terms.terms or day > terms.terms[-1].ends_on:
        raise _missing(terms)
    if day < terms.terms[0].starts_on:
        raise TermDatesMissing(
            f"Add the term dates before {_spoken(terms.terms[0].starts_on)} to work out this date"
        )


def _missing(terms: TermDates) -> TermDatesMissing:
    if not terms.terms:
        return TermDatesMissing("Add your school's term dates to work out this date")
    return TermDatesMissing(
        f"Add the term dates after {_spoken(terms.terms[-1].ends_on)} to work out this date"
    )


def _spoken(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
