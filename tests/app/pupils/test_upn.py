"""Unique pupil numbers; every one here is made up, for the fictional authority 999."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pupils.upn import LETTERS, check_letter, check_upn

DIGITS = "0123456789"


def numbers(size: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=size, max_size=size)


PERMANENT_TAILS = numbers(12)
TEMPORARY_TAILS = st.builds(str.__add__, numbers(11), st.sampled_from(LETTERS))
TAILS = PERMANENT_TAILS | TEMPORARY_TAILS


@pytest.mark.parametrize("upn", ["G999200126001", "W999200126002", "P999400119037", "B801200005001"])
def test_a_permanent_number_is_accepted_without_a_word(upn: str) -> None:
    result = check_upn(upn)
    assert (result.ok, result.upn, result.warning, result.problem) == (True, upn, None, None)
    assert not result.is_temporary


@pytest.mark.parametrize("upn", ["F99920012601A", "R99920012601Z"])
def test_a_temporary_number_is_accepted_and_said_to_be_one(upn: str) -> None:
    result = check_upn(upn)
    assert result.ok
    assert result.is_temporary


def test_the_check_letter_of_a_number_worked_out_by_hand() -> None:
    # 9x2 + 9x3 + 9x4 + 2x5 + 1x8 + 2x9 + 6x10 + 1x13 = 190, and 190 mod 23 = 6: the seventh letter.
    assert check_letter("999200126001") == "G"
    # The last character A counts 0 where 1x13 stood, and 1x12 stands before it: 189, and 189 mod 23 = 5.
    assert check_letter("99920012601A") == "F"


@pytest.mark.parametrize("typed", ["g999200126001", " G999 2001 26001 ", "G999\u00a02001 26\u200b001\n"])
def test_small_letters_spaces_and_invisible_characters_do_no_harm(typed: str) -> None:
    assert check_upn(typed).upn == "G999200126001"


@given(TAILS)
def test_exactly_one_of_the_23_letters_belongs_in_front(tail: str) -> None:
    accepted = [letter for letter in LETTERS if check_upn(letter + tail).ok]
    assert accepted == [check_letter(tail)]


@given(PERMANENT_TAILS, st.integers(0, 11), st.sampled_from(DIGITS))
def test_any_one_mistyped_number_is_noticed(tail: str, place: int, digit: str) -> None:
    mistyped = tail[:place] + digit + tail[place + 1 :]
    assert check_upn(check_letter(tail) + mistyped).ok is (mistyped == tail)


@given(PERMANENT_TAILS, st.integers(0, 10))
def test_any_two_neighbours_swapped_are_noticed(tail: str, place: int) -> None:
    swapped = tail[:place] + tail[place + 1] + tail[place] + tail[place + 2 :]
    assert check_upn(check_letter(tail) + swapped).ok is (swapped == tail)


@given(st.text(max_size=20))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    result = check_upn(text)
    assert result.ok is (result.problem is None)
    assert result.ok is (result.upn is not None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a UPN"),
        ("   ", "Enter a UPN"),
        ("G99920012600", "UPN must have 13 characters"),
        ("G9992001260011", "UPN must have 13 characters"),
        ("H999200126001", "Check it for a typing mistake"),
        ("G99920012600O", "Only the last one can be a letter"),
        ("S999200126001", "UPN must be a letter and 12 numbers"),
        ("G9992001A6001", "UPN must be a letter and 12 numbers"),
        ("G99920012600\u0661", "UPN must be a letter and 12 numbers"),
        ("9999200126001", "UPN must be a letter and 12 numbers"),
    ],
)
def test_a_number_that_cannot_be_says_what_is_wrong(text: str, sentence: str) -> None:
    result = check_upn(text)
    assert not result.ok
    assert result.upn is None
    assert sentence in (result.problem or "")


@pytest.mark.parametrize("text", ["UN1", "un2", "UN3", "UN4", " UN5 "])
def test_a_stand_in_for_a_missing_number_is_never_one(text: str) -> None:
    assert "stand in for a missing UPN" in (check_upn(text).problem or "")


def test_an_authority_we_do_not_know_is_accepted_with_a_warning() -> None:
    upn = check_letter("123200126001") + "123200126001"
    result = check_upn(upn)
    assert result.upn == upn
    assert "number 123" in (result.warning or "")
