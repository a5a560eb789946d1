"""The roll as a file: the headings that an import understands, so that it can come back unchanged."""

from collections.abc import Iterator
from itertools import product

from app.kernel.spreadsheet import Cell
from app.pupils.roll_known import KnownContact, KnownPupil

_PUPIL = (
    "UPN", "Legal surname", "Legal forename", "Preferred surname", "Preferred forename", "Date of birth",
    "Year group", "Class", "SEN status", "SEN need 1", "SEN need 2",
)  # fmt: skip
_CONTACT = ("name", "relationship", "email", "phone", "PR")
_YEARS = {-2: "N1", -1: "N2", 0: "R"}
HEADINGS = (*_PUPIL, *(f"Contact {number} {part}" for number, part in product((1, 2), _CONTACT)))


def line(pupil: KnownPupil) -> list[Cell]:
    needs = [*pupil.needs, "", ""][:2]
    first_name = pupil.preferred_forename if pupil.preferred_forename != pupil.legal_forenames else ""
    return [
        pupil.upn,
        pupil.legal_surname,
        pupil.legal_forenames,
        pupil.preferred_surname,
        first_name,
        f"{pupil.born_on:%d/%m/%Y}",
        _YEARS.get(pupil.year_group, str(pupil.year_group)),
        pupil.class_name,
        pupil.sen_provision,
        *needs,
        *_contacts(pupil),
    ]


def _contacts(pupil: KnownPupil) -> Iterator[Cell]:
    current = [contact for contact in pupil.contacts if not contact.ended]
    for place in range(2):
        yield from _contact(current[place]) if place < len(current) else [""] * len(_CONTACT)


def _contact(contact: KnownContact) -> list[Cell]:
    return [contact.name, contact.relationship, contact.email, contact.phone, "Y" if contact.pr else "N"]
