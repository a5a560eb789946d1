"""What provision costs, against lines worked out by hand. Every rate is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import format_pounds
from app.provision import costing

EAR_DEFENDERS = 18_50
LINES = {
    "Story language group": (16_20, 30, 4, 12, 4, "£97.20"),
    "Reading one to one": (16_20, 10, 5, 38, 1, "£513"),
    "Lunchtime safe space": (14_00, 45, 5, 38, 3, "£665"),
    "Teaching new words first": (42_00, 20, 2, 38, 2, "£532"),
}


def cost(rate: int, minutes: int, sessions: int, weeks: int, group: int) -> int:
    return costing.line_cost_pence(
        hourly_rate_pence=rate,
        minutes_per_session=minutes,
        sessions_per_week=sessions,
        weeks=weeks,
        group_size=group,
    )


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_a_line_costs_what_it_costs_by_hand(line: tuple[int, int, int, int, int, str]) -> None:
    *facts, expected = line
    assert format_pounds(cost(*facts)) == expected


def test_a_map_of_provision_is_the_sum_of_its_lines() -> None:
    total = costing.total_pence([*(cost(*line[:5]) for line in LINES.values()), EAR_DEFENDERS])
    assert format_pounds(total) == "£1,825.70"
    assert costing.above_threshold_pence(total, 6_000_00) == 0


def test_only_what_is_above_the_threshold_counts_as_above_it() -> None:
    assert costing.above_threshold_pence(6_420_00, 6_000_00) == 420_00


def test_an_hour_a_week_all_year_and_shared_by_four_and_for_twelve_weeks() -> None:
    assert cost(17_50, 60, 1, 38, 1) == 665_00
    assert cost(17_50, 60, 1, 38, 4) == 166_25
    assert cost(17_50, 60, 1, 12, 1) == 210_00


def test_a_year_is_38_weeks() -> None:
    annual = costing.annual_cost_pence(
        hourly_rate_pence=16_20, minutes_per_session=10, sessions_per_week=5, group_size=1
    )
    assert annual == 513_00


def test_a_line_is_rounded_once_and_half_a_penny_goes_up() -> None:
    assert cost(1, 30, 1, 1, 1) == 1
    assert cost(1, 29, 1, 1, 1) == 0
    # Rounding each week's 16.67p would give 50p a month; the line as a whole is 49.5p.
    assert cost(99, 10, 1, 3, 1) == 50
    assert cost(100, 10, 1, 4, 1) == 67


@given(
    st.integers(0, 20_000), st.integers(0, 600), st.integers(0, 25), st.integers(0, 52), st.integers(1, 30)
)
def test_shares_of_a_group_add_up_to_its_cost_but_for_rounding(
    rate: int, minutes: int, sessions: int, weeks: int, group: int
) -> None:
    whole = cost(rate, minutes, sessions, weeks, 1)
    assert abs(cost(rate, minutes, sessions, weeks, group) * group - whole) <= group


def test_a_group_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="Group size must be 1 or more"):
        cost(16_20, 30, 4, 12, 0)


@pytest.mark.parametrize("facts", [(-1, 1, 1, 1), (1, -1, 1, 1), (1, 1, -1, 1), (1, 1, 1, -1)])
def test_less_than_nothing_is_refused(facts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="must each be 0 or more"):
        cost(*facts, 1)
