"""An award is paid in equal parts, one a term, to the penny."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from app.funds.plans import plan_payments
from app.kernel.calendar import Term

KNOWN = (
    Term("Spring 2027", date(2027, 1, 4), date(2027, 3, 26)),
    Term("Summer 2027", date(2027, 4, 12), date(2027, 7, 21)),
    Term("Autumn 2026", date(2026, 9, 1), date(2026, 12, 18)),
)


def test_the_first_payment_of_a_term_that_has_begun_is_due_at_once() -> None:
    first, second = plan_payments(100_01, 2, KNOWN, date(2026, 11, 23))
    assert (first.term_name, first.due_on, first.amount_pence) == ("Autumn 2026", date(2026, 11, 23), 50_01)
    assert (second.term_name, second.due_on, second.amount_pence) == ("Spring 2027", date(2027, 1, 4), 50_00)


def test_a_decision_in_the_holidays_begins_with_the_next_term() -> None:
    payments = plan_payments(90_00, 1, KNOWN, date(2026, 12, 25))
    assert [(p.term_name, p.due_on) for p in payments] == [("Spring 2027", date(2027, 1, 4))]


def test_beyond_the_known_dates_terms_start_when_they_usually_do() -> None:
    payments = plan_payments(90_00, 5, KNOWN, date(2026, 11, 23))
    assert [p.term_name for p in payments] == [
        "Autumn 2026",
        "Spring 2027",
        "Summer 2027",
        "Autumn 2027",
        "Spring 2028",
    ]
    assert payments[3].due_on == date(2027, 9, 1)


def test_without_any_term_dates_the_term_that_runs_comes_first() -> None:
    payments = plan_payments(90_00, 3, (), date(2026, 11, 23))
    assert [p.term_name for p in payments] == ["Autumn 2026", "Spring 2027", "Summer 2027"]
    assert payments[0].due_on == date(2026, 11, 23)


@given(
    pence=some.integers(6, 20_000_000_00),
    count=some.integers(1, 6),
    day=some.dates(date(2024, 1, 1), date(2032, 1, 1)),
    known=some.sampled_from([KNOWN, ()]),
)
def test_payments_are_the_award_and_come_in_order(
    pence: int, count: int, day: date, known: tuple[Term, ...]
) -> None:
    payments = plan_payments(pence, count, known, day)
    assert sum(p.amount_pence for p in payments) == pence
    assert len({p.term_name for p in payments}) == count
    assert [p.due_on for p in payments] == sorted(p.due_on for p in payments)
    assert all(p.due_on >= day for p in payments)
