"""Time is read in one place: instants in UTC, days in London."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.kernel import clock

SUMMER_NIGHT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


def test_now_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC


def test_half_past_midnight_in_a_london_summer_is_already_the_next_day() -> None:
    with clock.frozen(SUMMER_NIGHT):
        assert clock.now().date() == date(2026, 6, 30)
        assert clock.today() == date(2026, 7, 1)


def test_a_frozen_clock_stands_still_and_starts_again() -> None:
    with clock.frozen(SUMMER_NIGHT):
        assert clock.now() == clock.now() == SUMMER_NIGHT
    assert clock.now() > SUMMER_NIGHT + timedelta(days=1)


def test_a_clock_frozen_inside_another_gives_the_outer_one_back() -> None:
    with clock.frozen(SUMMER_NIGHT):
        with clock.frozen(SUMMER_NIGHT + timedelta(days=9)):
            assert clock.today() == date(2026, 7, 10)
        assert clock.today() == date(2026, 7, 1)


def test_the_clock_starts_again_after_an_error() -> None:
    with pytest.raises(RuntimeError), clock.frozen(SUMMER_NIGHT):
        raise RuntimeError
    assert clock.now() != SUMMER_NIGHT


def test_freezing_one_thread_leaves_the_others_running() -> None:
    with clock.frozen(SUMMER_NIGHT), ThreadPoolExecutor(1) as pool:
        assert pool.submit(clock.now).result() != SUMMER_NIGHT


def test_a_time_without_a_zone_is_refused() -> None:
    naive = SUMMER_NIGHT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"), clock.frozen(naive):
        pass
    with pytest.raises(ValueError, match="time zone"):
        clock.london(naive)


def test_a_frozen_london_time_reads_as_utc() -> None:
    with clock.frozen(datetime(2026, 7, 1, 0, 30, tzinfo=clock.LONDON)):
        assert clock.now() == SUMMER_NIGHT
        assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)],
)
def test_london_days_are_23_24_or_25_hours_long(day: date, hours: int) -> None:
    length = clock.instant(day + timedelta(days=1), time(0)) - clock.instant(day, time(0))
    assert length == timedelta(hours=hours)


def test_an_hour_that_happens_twice_means_its_first_time() -> None:
    assert clock.instant(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_that_never_happens_moves_on_an_hour() -> None:
    instant = clock.instant(date(2027, 3, 28), time(1, 30))
    assert clock.london(instant).time() == time(2, 30)


def test_a_deadline_is_met_until_the_last_moment_of_its_day_in_london() -> None:
    due_on = date(2026, 7, 1)
    with clock.frozen(datetime(2026, 7, 1, 22, 59, 59, 999999, tzinfo=UTC)):
        assert not clock.is_over(due_on)
    with clock.frozen(datetime(2026, 7, 1, 23, 0, tzinfo=UTC)):
        assert clock.is_over(due_on)
