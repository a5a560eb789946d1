"""What a row would change about a pupil. An empty cell changes nothing, so a file never takes anything away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.names import search_key
from app.kernel.years import year_for, year_from_code, year_name
from app.pupils.roll_known import KnownContact, KnownPupil
from app.pupils.roll_rows import RollContact, RollRow

LABELS = {
    "legal_surname": "Legal surname",
    "legal_forenames": "Legal forename",
    "preferred_forename": "Preferred forename",
    "preferred_surname": "Preferred surname",
    "born_on": "Date of birth",
    "year_group": "Year group",
    "class_name": "Class",
    "sen_provision": "SEN status",
}


@dataclass(frozen=True, slots=True)
class Changes:
    """`values` of the pupil by field; contacts to add, and those to change by id; what was left alone, and why."""

    values: Mapping[str, Any]
    upn: str | None
    needs: tuple[str, ...]
    new_contacts: tuple[RollContact, ...]
    contacts: Mapping[UUID, Mapping[str, Any]]
    sentences: tuple[str, ...]
    kept: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.upn or self.needs or self.new_contacts or self.contacts)


def first_entry(row: RollRow, today: date) -> Changes:
    """Everything, for a child who is not on the roll yet."""
    assert row.born_on is not None
    values = dict(_said(row)) | {
        "preferred_forename": row.preferred_forename or row.forename,
        "year_group": _year(row) if _year(row) is not None else year_for(row.born_on, today),
        "sen_provision": row.sen_provision or "N",
    }
    contacts = tuple(contact for contact in row.contacts if contact.name)
    return Changes(values, row.upn, row.needs, contacts, {}, ())


def compare(row: RollRow, pupil: KnownPupil) -> Changes:
    """What is different from what the school has."""
    values = {name: said for name, said in _said(row) if said != getattr(pupil, name)}
    if row.preferred_forename == "" and pupil.preferred_forename == pupil.legal_forenames != row.forename:
        values["preferred_forename"] = row.forename  # nobody chose another name: it follows the legal one
    if "class_name" in values and search_key(values["class_name"]) == search_key(pupil.class_name or ""):
        del values["class_name"]
    if pupil.left_on is not None:
        values["left_on"] = None
    contacts, kept = _known_contacts(row, pupil)
    added = tuple(c for c in row.contacts if c.name and _same(c, pupil) is None)
    upn = row.upn if row.upn != pupil.upn else None
    needs = row.needs if row.needs != tuple(pupil.needs)[: len(row.needs) or None] else ()
    sentences = tuple(_sentences(values, upn, needs, pupil, added, contacts))
    return Changes(values, upn, needs, added, contacts, sentences, tuple(kept))


def _said(row: RollRow) -> Iterator[tuple[str, Any]]:
    yield "legal_surname", row.surname
    yield "legal_forenames", row.forename
    yield "born_on", row.born_on
    optional = {
        "preferred_forename": row.preferred_forename,
        "preferred_surname": "" if row.preferred_surname == row.surname else row.preferred_surname,
        "class_name": row.class_name,
        "sen_provision": row.sen_provision,
    }
    yield from ((name, said) for name, said in optional.items() if said)
    if _year(row) is not None:
        yield "year_group", _year(row)


def _year(row: RollRow) -> int | None:
    return year_from_code(row.year_group) if row.year_group else None


def _same(contact: RollContact, pupil: KnownPupil) -> KnownContact | None:
    return next(
        (known for known in pupil.contacts if search_key(known.name) == search_key(contact.name)), None
    )


def _known_contacts(row: RollRow, pupil: KnownPupil) -> tuple[dict[UUID, dict[str, Any]], list[str]]:
    changed: dict[UUID, dict[str, Any]] = {}
    kept = []
    for contact in row.contacts:
        known = _same(contact, pupil) if contact.name else None
        if known is None or known.ended:
            continue
        different = dict(_differences(contact, known))
        names, why = _not_by_file(known)
        if different.keys() & names:
            kept.append(f"{known.name} {why}")
            different = {name: value for name, value in different.items() if name not in names}
        if different:
            changed[known.id] = different
    return changed, kept


def _not_by_file(known: KnownContact) -> tuple[set[str], str]:
    """What somebody who knows the family changes, and why."""
    if known.linked:
        why = (
            "uses the family portal. Ask your SENDCO to change their email address or parental responsibility"
        )
        return {"email", "parental_responsibility"}, why
    if known.objects:
        why = "has said no to sharing. Ask your headteacher or safeguarding lead to change their parental responsibility"
        return {"parental_responsibility"}, why
    return set(), ""


def _differences(contact: RollContact, known: KnownContact) -> Iterator[tuple[str, Any]]:
    if contact.relationship and contact.relationship != known.relationship:
        yield "relationship", contact.relationship
    if contact.email and contact.email.lower() != (known.email or "").lower():
        yield "email", contact.email.lower()
    if contact.phone and contact.phone != known.phone:
        yield "phone", contact.phone
    if contact.has_pr is not None and contact.has_pr != known.pr:
        yield "parental_responsibility", contact.has_pr


def _sentences(
    values: Mapping[str, Any],
    upn: str | None,
    needs: tuple[str, ...],
    pupil: KnownPupil,
    added: tuple[RollContact, ...],
    contacts: Mapping[UUID, Mapping[str, Any]],
) -> Iterator[str]:
    if "left_on" in values:
        yield "Back on the roll"
    for name, label in LABELS.items():
        if name in values:
            yield f"{label}: {_shown(name, getattr(pupil, name))} → {_shown(name, values[name])}"
    if upn:
        yield "UPN corrected" if pupil.upn else "UPN added"
    if needs:
        yield f"Needs: {', '.join(pupil.needs) or 'none'} → {', '.join(needs)}"
    yield from (f"New contact: {contact.name}" for contact in added)
    names = {known.id: known.name for known in pupil.contacts}
    yield from (f"Details of {names[contact_id]}" for contact_id in contacts)


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return "none"
    if name == "year_group":
        return year_name(value)
    return f"{value.day}/{value.month}/{value.year}" if isinstance(value, date) else str(value)
