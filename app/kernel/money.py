"""Money as whole pence: read as people type it, shown as they expect it, shared without losing a penny."""

import re

LARGEST_PENCE = 20_000_000_00  # fits an integer column with room to add; no partnership's fund comes near it

_POUNDS = re.compile(r"£?\s*(?P<pounds>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<pence>[0-9]{1,2}))?")


def parse_pounds(text: str) -> int:
    """Pence from an amount as typed: "120", "£120.50" and "1,044.85" are fine."""
    match = _POUNDS.fullmatch(text.strip())
    if match is None:
        raise ValueError("Amount must be pounds and pence, like 120 or 120.50")
    pounds = match["pounds"].replace(",", "").lstrip("0") or "0"
    # Digits are counted before they become a number: Python refuses to read thousands of them at once.
    if len(pounds) > len(str(LARGEST_PENCE)) or (pence := _pence(pounds, match["pence"])) > LARGEST_PENCE:
        raise ValueError(f"Amount must be {format_pounds(LARGEST_PENCE)} or less")
    return pence


def format_pounds(pence: int) -> str:
    """As people write it: "£3,120", and with pence only where there are any: "£3,120.50"."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{pounds:,}" + (f".{rest:02d}" if rest else "")


def instalments(total_pence: int, count: int) -> list[int]:
    """Equal payments that add up to the penny; what cannot be shared equally goes in the first."""
    if count < 1:
        raise ValueError("There must be at least one payment")
    if total_pence < 0:
        raise ValueError("The amount to pay must be 0 or more")
    each, left_over = divmod(total_pence, count)
    return [each + left_over] + [each] * (count - 1)


def share_half_up(pence: int, part: int, whole: int) -> int:
    """That part of an amount to the nearest penny, half a penny up: 40 days of 90, one pupil of four."""
    if pence < 0 or part < 0 or whole < 1:
        raise ValueError("A share needs an amount and a part of 0 or more, and a whole of at least 1")
    return (2 * pence * part + whole) // (2 * whole)


def _pence(pounds: str, pence: str | None) -> int:
    return int(pounds) * 100 + int((pence or "").ljust(2, "0"))
