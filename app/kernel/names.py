"""Names of people: kept as they are typed, sorted and searched by a plain form that nobody sees.

The database sorts by bytes, so a `sort_key` is stored beside a name: Łukasiewicz belongs with L, O'Brien
beside Obrien.
"""

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and a mark.
_BASE_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "\u0131": "i",
        "ŋ": "n", "ħ": "h", "ŧ": "t", "ə": "e", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ƴ": "y", "ĸ": "k",
    }
)  # fmt: skip
# With the marks for ayn, hamza and okina in Latin letters, and the stroke that only stretches Arabic ones.
_APOSTROPHES = dict.fromkeys(
    map(ord, "'`\u0640\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u2018\u2019\u201b\u2032\uff07")
)
_INVISIBLE = (
    {0x00AD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2800, 0x3164, 0xFEFF, 0xFFA0}
    | set(range(0x202A, 0x202F))  # direction overrides: they can make one name look like another
    | set(range(0x2060, 0x2070))
    | set(range(0xFFF9, 0xFFFC))
    | set(range(0xE0000, 0xE0080))
)
# The two joiners are invisible too, but they shape Persian, Urdu and Indic names: kept inside a name.
_AT_AN_END = re.compile(r"\A[\s\u200c\u200d]+|[\s\u200c\u200d]+\Z")
_FOREIGN_BREAKS = dict.fromkeys(map(ord, "\x0b\x0c\x85\u2028\u2029"), "\n")
_LINE_BREAKS_AND_TABS = "\t\n\r"
# Below this combining class Unicode keeps signs that change an Indic or Japanese letter; above are accents.
_FIRST_ACCENT_CLASS = 10
_KEY_SEPARATOR = "\t"  # sorts before a space, so Ann Smith comes before Ann Smith Jones


def tidy(text: str) -> str:
    """The text as typed, without characters nobody can see and without space around it."""
    return _AT_AN_END.sub("", "".join(filter(_is_seen, text)))


def readable(text: str) -> str:
    """A longer text as typed: line breaks that only word processors know become our own, what nobody sees is left out."""
    return "".join(filter(_is_seen, text.translate(_FOREIGN_BREAKS)))


def search_key(text: str) -> str:
    """A plain form to compare, never to show: no accents, case, apostrophes or punctuation, single spaces."""
    # Before and after they are taken apart: an acute accent on its own comes apart into a space and a mark.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_APOSTROPHES))
    plain = unicodedata.normalize("NFKD", plain.casefold().translate(_BASE_LETTERS).translate(_APOSTROPHES))
    letters = "".join(_plain_character(character) for character in plain)
    return unicodedata.normalize("NFC", " ".join(letters.split()))


def sort_key(surname: str, forenames: str) -> str:
    """What a list of people is sorted by: surname, then forenames, both in their plain form."""
    return f"{search_key(surname)}{_KEY_SEPARATOR}{search_key(forenames)}"


def initials(*names: str) -> str:
    """One capital for each name that has a letter: initials("Amara", "Okonjo-Vale") is AO."""
    return "".join(_initial(unicodedata.normalize("NFC", name)) for name in names)


def _is_seen(character: str) -> bool:
    if character in _LINE_BREAKS_AND_TABS:
        return True
    # Control characters and broken halves of a character cannot be stored as text at all.
    return ord(character) not in _INVISIBLE and unicodedata.category(character) not in {"Cc", "Cs"}


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith("M"):
        return "" if _is_accent(character) else character
    if category[0] in "LN":
        return character
    return "" if category in {"Cf", "Sk"} else " "


def _is_accent(mark: str) -> bool:
    combining_class = unicodedata.combining(mark)
    return combining_class == 1 or combining_class >= _FIRST_ACCENT_CLASS


def _initial(name: str) -> str:
    for place, character in enumerate(name):
        if character.isalpha() and ord(character) not in _APOSTROPHES:
            marks = name[place + 1 : place + 2]
            sign = marks if marks and unicodedata.category(marks).startswith("M") else ""
            return (character + sign).upper()
    return ""
