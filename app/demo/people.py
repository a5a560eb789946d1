"""Puts the cast on the stage: the rows that an operator, invitations and an import would have made."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from app.accounts import passwords, second_factor
from app.demo.cast import CHILDREN, FAMILIES, LOCALITY, PASSWORD, PLACES, STAFF, Child
from app.kernel import seals
from app.kernel.clock import today
from app.kernel.ids import new_id
from app.kernel.names import search_key, sort_key
from app.pupils.upn import check_letter
from app.settings.codes import suggested_term_dates

Admin = psycopg.Connection[Any]


def add(admin: Admin, table: str, **values: Any) -> UUID:
    made = {"id": new_id(), **values}
    names, marks = ", ".join(made), ", ".join(f"%({name})s" for name in made)
    admin.execute(f"insert into {table} ({names}) values ({marks})", made)  # noqa: S608
    return UUID(str(made["id"]))


def add_places(admin: Admin) -> dict[str, UUID]:
    """Organisations by their address; schools join the locality; all share its term dates."""
    places: dict[str, UUID] = {}
    for place in PLACES:
        joined = {"locality_id": places[LOCALITY]} if place.kind == "school" else {}
        box = {"referral_email": place.mailbox} if place.mailbox else {}
        places[place.slug] = add(
            admin,
            "tenant",
            kind=place.kind,
            slug=place.slug,
            name=place.name,
            colour=place.colour,
            **joined,
            **box,
        )
        if place.mailbox:
            person = add(admin, "person", email=place.mailbox, name=f"{place.name} referrals")
            add(
                admin,
                "membership",
                tenant_id=places[place.slug],
                person_id=person,
                roles=["professional"],
                status="active",
            )
        else:
            _add_terms(admin, places[place.slug])
    return places


def _add_terms(admin: Admin, tenant_id: UUID) -> None:
    for term in suggested_term_dates().terms:
        half = term.half_term
        add(
            admin,
            "term",
            tenant_id=tenant_id,
            name=term.name,
            starts_on=term.starts_on,
            ends_on=term.ends_on,
            half_term_starts_on=half.starts_on if half else None,
            half_term_ends_on=half.ends_on if half else None,
        )


def add_staff(admin: Admin, places: Mapping[str, UUID]) -> dict[str, UUID]:
    """People by their name, each with the password of the demo and a second factor."""
    people: dict[str, UUID] = {}
    secret = second_factor.new_secret()
    for member in STAFF:
        person = people[member.name] = add(admin, "person", email=member.email, name=member.name)
        admin.execute(
            "insert into credential (person_id, password_hash, totp_secret, totp_confirmed_at) values (%s, %s, %s, now())",
            (person, passwords.hash_of(PASSWORD), seals.lock(secret)),
        )
        for slug, roles in member.posts:
            words = [role.value for role in roles]
            add(admin, "membership", tenant_id=places[slug], person_id=person, roles=words, status="active")
    return people


def add_children(admin: Admin, places: Mapping[str, UUID], people: Mapping[str, UUID]) -> dict[str, UUID]:
    """Children by their first name, in classes, with a made-up UPN of the made-up authority 999."""
    classes: dict[tuple[str, str], UUID] = {}
    children: dict[str, UUID] = {}
    for number, child in enumerate(CHILDREN, 1):
        place = (child.school, child.group)
        if place not in classes:
            classes[place] = add(
                admin, "school_class", tenant_id=places[child.school], name=child.group, year_group=child.year
            )
        children[child.first] = _add_child(admin, places[child.school], classes[place], child, number)
    for member in STAFF:
        if member.teaches:
            slug = member.posts[0][0]
            add(
                admin,
                "class_staff",
                tenant_id=places[slug],
                class_id=classes[slug, member.teaches],
                person_id=people[member.name],
            )
    return children


def _add_child(admin: Admin, school: UUID, class_id: UUID, child: Child, number: int) -> UUID:
    made = add(
        admin,
        "pupil",
        tenant_id=school,
        legal_surname=child.last,
        legal_forenames=child.first,
        preferred_forename=child.first,
        sort_key=sort_key(child.last, child.first),
        search_key=search_key(f"{child.first} {child.last}"),
        born_on=child.born_on,
        year_group=child.year,
        class_id=class_id,
        sen_provision=child.provision,
        joined_on=today() - timedelta(days=400),
    )
    tail = f"9992001{number:05d}"
    add(admin, "pupil_upn", tenant_id=school, pupil_id=made, upn=check_letter(tail) + tail)
    for rank, code in enumerate(child.needs, 1):
        add(admin, "pupil_need", tenant_id=school, pupil_id=made, rank=rank, code=code)
    return made


def add_families(
    admin: Admin, places: Mapping[str, UUID], children: Mapping[str, UUID]
) -> dict[tuple[str, str], UUID]:
    """Guardianships by adult and child."""
    schools = {child.first: places[child.school] for child in CHILDREN}
    links: dict[tuple[str, str], UUID] = {}
    for adult in FAMILIES:
        person = add(admin, "person", email=adult.email, name=adult.name)
        for first in adult.children:
            of = {"tenant_id": schools[first], "pupil_id": children[first]}
            contact = add(
                admin,
                "contact",
                **of,
                name=adult.name,
                relationship=adult.relationship,
                email=adult.email,
                phone="07700 900123",
                parental_responsibility=adult.responsible,
            )
            links[adult.name, first] = add(
                admin,
                "guardianship",
                **of,
                contact_id=contact,
                person_id=person,
                status=adult.status,
                parental_responsibility=adult.responsible,
                child_name="",
                school_name="",
                confirmed_at=datetime.now(UTC) - timedelta(days=200),
            )
    return links
