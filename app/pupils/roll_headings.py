"""Which column of a school's file is which: headings as the common systems and people write them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

REQUIRED = {"surname": "Surname", "forename": "Forename", "born_on": "Date of birth"}

# In order of preference: a file with both a legal surname and a surname means the legal one.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "upn": ("upn", "uniquepupilnumber", "pupilupn"),
    "surname": ("legalsurname", "legallastname", "surname", "lastname", "familyname", "pupilsurname"),
    "forename": (
        "legalforename", "legalfirstname", "forename", "firstname", "givenname", "forenames", "pupilforename",
    ),
    "preferred_surname": ("preferredsurname", "preferredlastname", "chosensurname", "chosenlastname"),
    "preferred_forename": (
        "preferredforename", "preferredfirstname", "preferredname", "knownas", "chosenforename",
        "chosenfirstname", "chosenname",
    ),
    "born_on": ("dateofbirth", "dob", "birthdate", "birthday", "bornon"),
    "year_group": (
        "ncyear", "ncyearactual", "yeargroup", "year", "nationalcurriculumyear",
        "nationalcurriculumyeargroup", "yr",
    ),
    "class_name": (
        "class", "classname", "reggroup", "registrationgroup", "reg", "form", "formgroup", "tutorgroup",
    ),
    "sen_provision": (
        "senstatus", "senprovision", "senprovisioncode", "sencode", "sen", "sencategory", "senstatuscode",
        "sensupport",
    ),
    "need_1": (
        "senneed1", "need1", "sentype1", "primaryneed", "primarysenneed", "mainneed", "senneed", "sentype",
        "need",
    ),
    "need_2": ("senneed2", "need2", "sentype2", "secondaryneed", "secondarysenneed"),
}  # fmt: skip
_CONTACT_WORDS = ("contact", "parent", "parentcarer", "carer", "guardian", "prioritycontact")
_CONTACT_PARTS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "fullname", ""),
    "relationship": ("relationship", "relation", "relationshiptopupil", "relationshiptochild"),
    "email": ("email", "emailaddress"),
    "phone": ("phone", "phonenumber", "telephone", "telephonenumber", "mobile", "mobilenumber", "tel"),
    "pr": ("pr", "parentalresponsibility", "hasparentalresponsibility", "haspr"),
}


class SameHeadingTwice(ValueError):
    """Two columns have the same heading, so neither can be trusted."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a row, and the headings that nothing was taken from."""

    places: Mapping[str, int]
    unused: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(heading for field, heading in REQUIRED.items() if field not in self.places)

    def read(self, cells: Sequence[str]) -> dict[str, str]:
        """One row by field; a row that stops early has nothing in its last fields."""
        return {field: cells[place] if place < len(cells) else "" for field, place in self.places.items()}


def match_headings(headings: Sequence[str]) -> Columns:
    plain = [_plain(heading) for heading in headings]
    places: dict[str, int] = {}
    for field, names in _fields():
        name = next((name for name in names if name in plain), None)
        if name is None:
            continue
        if plain.count(name) > 1:
            raise SameHeadingTwice(headings[plain.index(name)].strip())
        places[field] = plain.index(name)
    used = set(places.values())
    unused = tuple(heading for place, heading in enumerate(headings) if heading.strip() and place not in used)
    return Columns(places, unused)


def _fields() -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from _HEADINGS.items()
    for number, (part, names) in product((1, 2), _CONTACT_PARTS.items()):
        yield f"contact_{number}_{part}", tuple(_contact_headings(number, names))


def _contact_headings(number: int, names: Sequence[str]) -> Iterator[str]:
    """Contact 1 email, Parent email 1, and without a number for the first of them."""
    for name, word in product(names, _CONTACT_WORDS):
        yield f"{word}{number}{name}"
        if name:
            yield f"{word}{name}{number}"
            if number == 1:
                yield f"{word}{name}"


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading.casefold())
