"""A school's colour is a band on white: it must be dark enough to be seen."""

import re

PALETTE = {
    "#1d4f6b": "Slate blue",
    "#1b3a8a": "Royal blue",
    "#17324d": "Navy",
    "#5b2a6e": "Purple",
    "#8a1538": "Maroon",
    "#b3261e": "Red",
    "#1e5b3a": "Bottle green",
    "#2f7f86": "Teal",
    "#8a4b08": "Amber brown",
    "#3d3d3d": "Charcoal",
}
OTHER = "other"
# What people must be able to tell apart without reading it (WCAG 2.2, 1.4.11).
LEAST_CONTRAST = 3.0


def normal(typed: str) -> str | None:
    """#1d4f6b for "1D4F6B" or " #1d4f6b "; None for what is no colour code."""
    code = "#" + typed.strip().lstrip("#").lower()
    return code if re.fullmatch(r"#[0-9a-f]{6}", code) else None


def contrast_with_white(code: str) -> float:
    """From 1 (white) to 21 (black), as WCAG counts it."""
    red, green, blue = (_linear(int(code[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def name_of(code: str) -> str:
    return PALETTE.get(code, code)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
