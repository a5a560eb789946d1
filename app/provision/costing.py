"""What provision costs: staff time shared by a group, in whole pence, rounded half up once for each line."""

from collections.abc import Iterable

from app.kernel.money import share_half_up

WEEKS_IN_A_SCHOOL_YEAR = 38
MINUTES_IN_AN_HOUR = 60


def line_cost_pence(
    *,
    hourly_rate_pence: int,
    minutes_per_session: int,
    sessions_per_week: int,
    weeks: int = WEEKS_IN_A_SCHOOL_YEAR,
    group_size: int = 1,
) -> int:
    """One pupil's share of the staff time on a line of the provision map, over its weeks."""
    if group_size < 1:
        raise ValueError("Group size must be 1 or more")
    if min(hourly_rate_pence, minutes_per_session, sessions_per_week, weeks) < 0:
        raise ValueError("Cost, minutes, sessions and weeks must each be 0 or more")
    minutes = minutes_per_session * sessions_per_week * weeks
    return share_half_up(hourly_rate_pence, minutes, MINUTES_IN_AN_HOUR * group_size)


def annual_cost_pence(
    *, hourly_rate_pence: int, minutes_per_session: int, sessions_per_week: int, group_size: int = 1
) -> int:
    """The same line if it runs all year."""
    return line_cost_pence(
        hourly_rate_pence=hourly_rate_pence,
        minutes_per_session=minutes_per_session,
        sessions_per_week=sessions_per_week,
        group_size=group_size,
    )


def total_pence(line_costs: Iterable[int]) -> int:
    """The sum of lines that are already rounded, so a page's total is the sum of what the page shows."""
    return sum(line_costs)


def above_threshold_pence(total: int, threshold: int) -> int:
    """How far provision costs more than a school is expected to meet itself; 0 while it does not."""
    return max(0, total - threshold)
