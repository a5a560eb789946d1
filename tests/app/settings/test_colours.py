"""Colours that can be seen on white."""

import pytest

from app.settings import colours


@pytest.mark.parametrize("code", colours.PALETTE)
def test_every_colour_on_offer_can_be_seen(code: str) -> None:
    assert colours.contrast_with_white(code) >= colours.LEAST_CONTRAST


def test_contrast_is_counted_as_wcag_counts_it() -> None:
    assert colours.contrast_with_white("#000000") == pytest.approx(21)
    assert colours.contrast_with_white("#ffffff") == pytest.approx(1)
    assert colours.contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("typed", "code"), [(" 1D4F6B ", "#1d4f6b"), ("#abc", None), ("navy", None), ("", None)]
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str | None) -> None:
    assert colours.normal(typed) == code
