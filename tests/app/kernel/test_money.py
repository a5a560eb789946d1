"""Money is whole pence, and no penny is lost or made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import money

PENCE = st.integers(0, money.LARGEST_PENCE)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("120", 12000),
        ("120.50", 12050),
        ("120.5", 12050),
        ("£1,044.85", 104485),
        ("  £ 1044.85 ", 104485),
        ("1,234,567", 123456700),
        ("0.01", 1),
        ("0", 0),
        ("007", 700),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, pence: int) -> None:
    assert money.parse_pounds(text) == pence


@pytest.mark.parametrize(
    "text",
    ["", "£", "ten", "-5", "1.234", "1,04.85", "12,34", "1.", ".50", "1e3", "120 50", "١٢٠", "€5", "50p"],
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"Amount must be pounds and pence, like 120 or 120\.50"):
        money.parse_pounds(text)


@pytest.mark.parametrize("text", ["20000000.01", "99999999999", "9" * 10_000])
def test_an_amount_too_large_to_store_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Amount must be £20,000,000 or less"):
        money.parse_pounds(text)


@given(PENCE)
def test_what_is_shown_reads_back_as_the_same_amount(pence: int) -> None:
    assert money.parse_pounds(money.format_pounds(pence)) == pence


@pytest.mark.parametrize(
    ("pence", "text"),
    [
        (0, "£0"),
        (5, "£0.05"),
        (312000, "£3,120"),
        (312050, "£3,120.50"),
        (104485, "£1,044.85"),
        (-950, "-£9.50"),
        (-90000, "-£900"),
    ],
)
def test_amounts_are_shown_in_pounds_and_pence_only_where_there_are_any(pence: int, text: str) -> None:
    assert money.format_pounds(pence) == text


def test_an_award_of_2080_pounds_over_two_terms_is_1040_each() -> None:
    assert money.instalments(208000, 2) == [104000, 104000]


def test_what_cannot_be_shared_equally_comes_first() -> None:
    assert money.instalments(100_01, 3) == [3335, 3333, 3333]


@given(PENCE, st.integers(1, 40))
def test_instalments_add_up_to_the_penny(total: int, count: int) -> None:
    payments = money.instalments(total, count)
    assert sum(payments) == total
    assert len(payments) == count
    assert len(set(payments[1:])) <= 1
    assert 0 <= payments[0] - payments[-1] < count


@pytest.mark.parametrize(("total", "count"), [(100, 0), (100, -1), (-1, 2)])
def test_instalments_of_nothing_sensible_are_refused(total: int, count: int) -> None:
    with pytest.raises(ValueError, match="must be"):
        money.instalments(total, count)


@pytest.mark.parametrize(
    ("pence", "part", "whole", "share"),
    [(100, 1, 3, 33), (200, 1, 3, 67), (1, 1, 2, 1), (3, 1, 2, 2), (90000, 40, 100, 36000), (5, 0, 7, 0)],
)
def test_half_a_penny_rounds_up(pence: int, part: int, whole: int, share: int) -> None:
    assert money.share_half_up(pence, part, whole) == share


@given(PENCE, st.integers(0, 1000), st.integers(1, 1000))
def test_a_share_is_never_more_than_half_a_penny_from_the_truth(pence: int, part: int, whole: int) -> None:
    error = money.share_half_up(pence, part, whole) * whole - pence * part
    assert -whole < 2 * error <= whole


@pytest.mark.parametrize("share", [(-1, 1, 2), (1, -1, 2), (1, 1, 0)])
def test_a_share_of_less_than_nothing_is_refused(share: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="A share needs"):
        money.share_half_up(*share)
