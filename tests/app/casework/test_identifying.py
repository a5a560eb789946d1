"""Hints about words that tell a stranger who a child is."""

import pytest

from app.casework.identifying import hints


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Amara Okonjo-Vale is tired", "the child’s surname"),
        ("The OKONJO VALE family", "the child’s surname"),
        ("Her number is A823432120001", "a pupil number"),
        ("They live at TB1 4QX", "a postcode"),
        ("near sw1a1aa", "a postcode"),
    ],
)
def test_what_is_found_is_named_with_its_question(words: str, what: str) -> None:
    assert hints({"Why now": words, "Needs": "Reads well"}, ["Okonjo-Vale", None]) == [
        f"“Why now” seems to have {what} in it. The reader does not need it."
    ]


@pytest.mark.parametrize(
    "words", ["Amara finds year 2 hard", "Bexley is near", "On 3 of 5 days", "A1 size paper", ""]
)
def test_ordinary_words_are_left_alone(words: str) -> None:
    assert hints({"Why now": words}, ["Bex"]) == []
