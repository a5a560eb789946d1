"""A small fictional partnership, made new for each test and never cleaned up: others cannot see it, that is the point."""

import secrets
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.access import Role
from app.kernel.names import search_key, sort_key
from infrastructure.database.ids import new_id
from tests.people import Child, Organisation, Somebody
from tests.services import DOMAIN, TestDatabase


class Partnership:
    """Schools Larkrise and Millbrook in the Thornbeck locality, the Ashmere agency, their people and pupils."""

    def __init__(self, database: TestDatabase, domain: str = DOMAIN) -> None:
        self.database = database
        self.domain = domain
        self.mark = secrets.token_hex(4)
        with database.as_admin() as admin:
            self._admin = admin
            self._organisations()
            self._people()
            self._pupils()
            self._families()

    def _organisations(self) -> None:
        self.thornbeck = self._organisation("locality", "thornbeck", "Thornbeck Locality Partnership")
        self.larkrise = self._organisation("school", "larkrise", "Larkrise Primary", self.thornbeck)
        self.millbrook = self._organisation(
            "school", "millbrook", "Millbrook Primary Academy", self.thornbeck
        )
        self.ashmere = self._organisation("agency", "ashmere", "Ashmere Speech and Language Therapy")

    def _people(self) -> None:
        larkrise, millbrook, thornbeck = self.larkrise, self.millbrook, self.thornbeck
        self.sendco = self._staff("Priya Nair", larkrise, Role.SENDCO)
        self.teacher = self._staff("Tom Ashworth", larkrise, Role.CLASS_TEACHER)
        self.assistant = self._staff("Bea Lowther", larkrise, Role.TEACHING_ASSISTANT)
        self.head = self._staff("Ruth Calder", larkrise, Role.HEADTEACHER)
        self.dsl = self._staff("Owen Pryce", larkrise, Role.DSL)
        self.admin = self._staff("Gail Embury", larkrise, Role.SCHOOL_ADMIN)
        self.other_sendco = self._staff("Daniel Osei", millbrook, Role.SENDCO)
        self.other_head = self._staff("Helen Marsh", millbrook, Role.HEADTEACHER)
        self.other_admin = self._staff("Kit Farrow", millbrook, Role.SCHOOL_ADMIN)
        self.clerk = self._staff("Joan Fell", thornbeck, Role.CLERK)
        self.chair = self._staff("Helen Marsh", thornbeck, Role.CHAIR, person=self.other_head)
        self.vice_chair = self._staff("Martin Voss", thornbeck, Role.VICE_CHAIR)
        self.member = self._staff("Sunita Rao", thornbeck, Role.MEMBER)
        self.third_member = self._staff("Colm Daly", thornbeck, Role.MEMBER)
        # The SENDCO of Larkrise also sits on the panel: her own school's requests must be closed to her there.
        self.conflicted_member = self._staff("Priya Nair", thornbeck, Role.MEMBER, person=self.sendco)
        self.area_lead = self._staff("Frances Oyelaran", thornbeck, Role.AREA_SEND_LEAD)
        self.finance = self._staff("Neil Brandt", thornbeck, Role.FINANCE)
        self.professional = self._staff("Ashmere referrals", self.ashmere, Role.PROFESSIONAL)

    def _pupils(self) -> None:
        self.class_2a = self._class(self.larkrise, "2A", 2)
        self.class_4b = self._class(self.larkrise, "4B", 4)
        other_class = self._class(self.millbrook, "5M", 5)
        for member in (self.teacher, self.assistant):
            self._insert(
                "class_staff", tenant_id=self.larkrise.id, class_id=self.class_2a, person_id=member.id
            )
        self.amara = self._pupil(self.larkrise, "Amara", "Okonjo-Vale", date(2019, 11, 4), 2, self.class_2a)
        self.idris = self._pupil(self.larkrise, "Idris", "Bex", date(2017, 9, 23), 4, self.class_4b)
        self.ilyas = self._pupil(self.larkrise, "Ilyas", "Bex", date(2017, 9, 23), 4, self.class_4b)
        self.noor = self._pupil(self.millbrook, "Noor", "Hadley-Ahmed", date(2016, 12, 1), 5, other_class)

    def _families(self) -> None:
        """Amara's mother also has Noor at the other school; Idris's father is barred."""
        self.mother = self._guardian("Chika Okonjo", {"amara": self.amara, "noor": self.noor})
        self.father = self._guardian("David Vale", {"amara": self.amara})
        self.carer = self._guardian("Aunt Ify", {"amara": self.amara}, responsible=False)
        self.barred = self._guardian("Karim Bex", {"idris": self.idris}, status="barred")
        self.other_mother = self._guardian("Leila Bex", {"idris": self.idris, "ilyas": self.ilyas})

    def _organisation(
        self, kind: str, slug: str, name: str, locality: Organisation | None = None
    ) -> Organisation:
        mark = f"{slug}-{self.mark}"
        more: dict[str, Any] = {"locality_id": locality.id} if locality else {}
        if kind == "agency":
            more["referral_email"] = f"referrals.{self.mark}@ashmere.example"
        made = self._insert("tenant", kind=kind, slug=mark, name=name, **more)
        return Organisation(made, kind, mark, name, self.domain)

    def _staff(self, name: str, at: Organisation, *roles: Role, person: Somebody | None = None) -> Somebody:
        email = (
            person.email
            if person
            else f"{name.split(maxsplit=1)[0].lower()}.{new_id().hex[-10:]}@{at.slug}.example"
        )
        if at.kind == "agency":
            email = f"referrals.{self.mark}@ashmere.example"
        key = person.id if person else self._insert("person", email=email, name=name)
        self._insert(
            "membership", tenant_id=at.id, person_id=key, roles=[r.value for r in roles], status="active"
        )
        return Somebody(key, name, email, at, frozenset(roles))

    def _class(self, at: Organisation, name: str, year: int) -> UUID:
        return self._insert("school_class", tenant_id=at.id, name=name, year_group=year)

    def _pupil(self, at: Organisation, first: str, last: str, born: date, year: int, class_id: UUID) -> Child:
        made = self._insert(
            "pupil",
            tenant_id=at.id,
            legal_surname=last,
            legal_forenames=first,
            preferred_forename=first,
            sort_key=sort_key(last, first),
            search_key=search_key(f"{first} {last}"),
            born_on=born,
            year_group=year,
            class_id=class_id,
            sen_provision="K",
        )
        return Child(made, at.id, first, last, class_id)

    def _guardian(
        self, name: str, children: dict[str, Child], *, responsible: bool = True, status: str = "active"
    ) -> Somebody:
        email = f"{name.split(maxsplit=1)[0].lower()}.{new_id().hex[-10:]}@home.example"
        person = self._insert("person", email=email, name=name)
        links = {}
        for label, child in children.items():
            of = {"tenant_id": child.tenant_id, "pupil_id": child.id}
            contact = self._insert(
                "contact", **of, name=name, email=email, parental_responsibility=responsible
            )
            links[label] = self._insert(
                "guardianship",
                **of,
                contact_id=contact,
                person_id=person,
                status=status,
                parental_responsibility=responsible,
                child_name="",
                school_name="",
            )
        return Somebody(person, name, email, links=links)

    def _insert(self, table: str, **values: Any) -> UUID:
        values = {"id": new_id(), **values}
        names, marks = ", ".join(values), ", ".join(f"%({name})s" for name in values)
        self._admin.execute(f"insert into {table} ({names}) values ({marks})", values)
        return UUID(str(values["id"]))
