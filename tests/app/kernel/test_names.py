"""Names sort and are found as people expect, and are kept as they are typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import names

TEXT = st.text(st.characters(codec="utf-8"))
MINA = "\u0645\u06cc\u200c\u0646\u0627"  # a Persian name with a joiner inside that shapes it
VISIBLE = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]))


def test_a_register_is_in_the_order_a_teacher_would_read_it() -> None:
    register = [
        ("Aalto", "Eero"),
        ("Đorđević", "Ana"),
        ("Dyer", "Bo"),
        ("Łukasiewicz", "Zofia"),
        ("Lyle", "Ann"),
        ("O'Brien", "Ciara"),
        ("Obrien", "Dan"),
        ("Østby", "Kari"),
        ("Penhale", "Jory"),
        ("Smith", "Zoe"),
        ("Smith Jones", "Ann"),
        ("Smith-Jones", "Bel"),
        ("Smithson", "Al"),
    ]
    assert sorted([*register[1::2], *register[::2]], key=lambda name: names.sort_key(*name)) == register


@pytest.mark.parametrize(
    ("typed", "found_by"),
    [
        ("Łukasiewicz", "lukasiewicz"),
        ("Đorđević", "dordevic"),
        ("Ægir Østby", "aegir ostby"),
        ("Groß", "GROSS"),
        ("Y\u0131ld\u0131z", "yildiz"),
        ("İpek", "ipek"),
        ("O\u2019Rahilly", "o'rahilly"),
        ("O'Rahilly", "orahilly"),
        ("Hadley-Ahmed", "hadley ahmed"),
        ("Hadley\u2011Ahmed", "hadley-ahmed"),
        ("Nguyễn  Văn", "nguyen van"),
        ("Siobha\u0301n", "Siobhán"),
        ("St. John", "st john"),
        ("So\u0338ren", "soren"),
        ("\u0149dlovu", "ndlovu"),
        ("O\u1ffdRahilly", "orahilly"),
        ("Noor\u200b", "noor"),
        ("مُحَمَّد", "محمد"),
        ("محـمد", "محمد"),
        ("\u02bbOkina", "okina"),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, found_by: str) -> None:
    assert names.search_key(typed) == names.search_key(found_by)


@pytest.mark.parametrize(
    ("one", "other"),
    [("कुमार", "किमार"), ("がく", "かく"), ("陈", "程"), ("Noor", "Nora"), ("Ann Smith", "Annsmith")],
)
def test_different_names_are_not_found_for_each_other(one: str, other: str) -> None:
    assert names.search_key(one) != names.search_key(other)


@given(TEXT)
def test_a_search_key_is_plain_already(text: str) -> None:
    key = names.search_key(text)
    assert names.search_key(key) == key
    assert key == " ".join(key.split())


@given(TEXT)
def test_capitals_and_composition_never_change_a_search(text: str) -> None:
    assert names.search_key(unicodedata.normalize("NFD", text)) == names.search_key(text)
    assert names.search_key(unicodedata.normalize("NFC", text)) == names.search_key(text)


@given(TEXT, TEXT)
def test_a_sort_key_can_be_stored_and_keeps_surname_and_forenames_apart(surname: str, forenames: str) -> None:
    key = names.sort_key(surname, forenames)
    assert key.split("\t") == [names.search_key(surname), names.search_key(forenames)]
    assert "\0" not in key


@given(VISIBLE)
def test_a_name_is_kept_as_typed_but_for_the_space_around_it(text: str) -> None:
    seen = "".join(character for character in text if character not in "\u2800\u3164\uffa0")
    assert names.tidy(f"  {text}\u00a0\n") == seen.strip()


@given(TEXT)
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert names.tidy(names.tidy(text)) == names.tidy(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\ufeffNoor", "Noor"),
        ("Te\u200bddy", "Teddy"),
        ("\u202eYddet", "Yddet"),
        ("Amara\0", "Amara"),
        ("\u200d \u200f", ""),
        ("\u3164", ""),
        (MINA, MINA),
        ("one\nline\ttwo", "one\nline\ttwo"),
        ("Broken\ud800", "Broken"),
        ("O\u2019Rahilly-Vale  III", "O\u2019Rahilly-Vale  III"),
    ],
)
def test_what_nobody_can_see_is_taken_out(typed: str, kept: str) -> None:
    assert names.tidy(typed) == kept


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (("Amara", "Okonjo-Vale"), "AO"),
        (("Siobhán",), "S"),
        (("o'Rahilly",), "O"),
        (("\u02bbéa", "van der Heide"), "ÉV"),
        (("陈",), "陈"),
        (("", "Bex"), "B"),
        (("3",), ""),
        (("e\u0301mile",), "É"),
        (("ਜਸਲੀਨ", "ਢਿੱਲੋਂ"), "ਜਢਿ"),
    ],
)
def test_initials_are_the_first_letter_of_each_name(name: tuple[str, ...], expected: str) -> None:
    assert names.initials(*name) == expected
