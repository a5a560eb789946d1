"""A small fictional partnership, made new for each test and never cleaned up: others cannot see it, that is the point."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.access import Actor, Audience, Role
from app.kernel.clock import today
from app.kernel.names import search_key, sort_key
from app.web.cookies import hash_token, new_token
from infrastructure.database.door import open_engine, unit_of_work
from infrastructure.database.ids import new_id
from tenants import context
from tests.browser import Browser
from tests.services import DOMAIN, TestDatabase, database_url


@dataclass(frozen=True, slots=True)
class Organisation:
    id: UUID
    kind: str
    slug: str
    name: str
    domain: str = DOMAIN

    @property
    def host(self) -> str:
        return f"{self.slug}.{self.domain}"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with a role at an organisation, or a guardian (then `links` are their children's)."""

    id: UUID
    name: str
    email: str
    at: Organisation | None = None
    roles: frozenset[Role] = frozenset()
    links: dict[str, UUID] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        assert self.at is not None
        return Actor(self.id, self.at.id, Audience(self.at.kind), self.roles, self.name)


@dataclass(frozen=True, slots=True)
class Child:
    id: UUID
    tenant_id: UUID
    forename: str
    surname: str
    class_id: UUID | None


class World:
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

    # Making rows, as the administrator.

    def _insert(self, table: str, **values: Any) -> UUID:
        values = {"id": new_id(), **values}
        names, marks = ", ".join(values), ", ".join(f"%({name})s" for name in values)
        self._admin.execute(f"insert into {table} ({names}) values ({marks})", values)
        return UUID(str(values["id"]))

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

    # Acting in the world.

    def browser(self, who: Somebody, *, share_id: UUID | None = None) -> Browser:
        """A browser of somebody who has signed in where they belong: school, locality, family or agency."""
        return Browser(self.database.hosts, self.host_of(who), self.session_of(who, share_id=share_id))

    def host_of(self, who: Somebody) -> str:
        if who.at is None or who.at.kind == "agency":
            return f"{'agency' if who.at else 'family'}.{self.domain}"
        return who.at.host

    def session_of(self, who: Somebody, *, share_id: UUID | None = None) -> str:
        """The token of a new session, as signing in would have made it."""
        audience = who.at.kind if who.at else "family"
        token = new_token()
        with self.database.as_admin() as self._admin:
            self._insert(
                "session",
                token_hash=hash_token(token),
                audience=audience,
                tenant_id=who.at.id if who.at else None,
                person_id=who.id,
                scope_id=share_id,
                acting_name="Maya Lind" if share_id else None,
                acting_role="Speech and language therapist" if share_id else None,
                expires_at=f"{today().year + 1}-01-01",
            )
        return token

    def visitor(self, host: str) -> Browser:
        """A browser of nobody in particular."""
        return Browser(self.database.hosts, host)

    @contextmanager
    def acting(self, who: Somebody, *, child: str | None = None) -> Iterator[Session]:
        """A unit of work as the web would bind it for this person; commits at the end."""
        audience = who.at.kind if who.at else "family"
        scope = who.links[child] if child else None
        tenant = who.at.id if who.at else self._tenant_of_link(scope)
        roles = tuple(sorted(role.value for role in who.roles)) or ("guardian",)
        binding = context.of_tenant(tenant, audience=audience, person_id=who.id, roles=roles, scope_id=scope)
        with self.database.hosts.apps[Audience(audience)].app_context(), unit_of_work(binding) as session:
            yield session

    def guardian_actor(self, who: Somebody, child: str) -> Actor:
        link = who.links[child]
        return Actor(
            who.id, self._tenant_of_link(link), Audience.FAMILY, frozenset({Role.GUARDIAN}), who.name, link
        )

    def _tenant_of_link(self, link: UUID | None) -> UUID:
        return UUID(str(self.scalar("select tenant_id from guardianship where id = %s", link)))

    def scalar(self, query: str, *values: Any) -> Any:
        """One value, seen by the administrator: to look behind what a page says."""
        with self.database.as_admin() as admin:
            row = admin.execute(query, values).fetchone()
            return row[0] if row else None

    def rows(self, query: str, *values: Any) -> list[Any]:
        with self.database.as_admin() as admin:
            return admin.execute(query, values).fetchall()

    def execute(self, query: str, *values: Any) -> None:
        with self.database.as_admin() as admin:
            admin.execute(query, values)

    def insert(self, table: str, **values: Any) -> UUID:
        """A row made behind the service's back, for what a test needs to exist already."""
        with self.database.as_admin() as self._admin:
            return self._insert(table, **values)

    def events(self) -> set[str]:
        """What has happened in this world so far."""
        tenants = [t.id for t in (self.larkrise, self.millbrook, self.thornbeck, self.ashmere)]
        return {
            row.kind for row in self.rows("select kind from outbox_entry where tenant_id = any (%s)", tenants)
        }

    def run_errands(self) -> int:
        """Relay and jobs, in this process, until nothing waits. Returns how many deliveries were done."""
        from tests.errands import run_all

        return run_all(
            open_engine(database_url("send_relay", self.database.name).replace("://", "+psycopg://", 1))
        )

    def lay_down(self) -> None:
        """What this world leaves in the post box is nobody else's business."""
        self.execute("update outbox_entry set expanded_at = now() where expanded_at is null")
        self.execute("update delivery set state = 'cancelled' where state = 'waiting'")

    def mails(self) -> list[Any]:
        """The mails that have arrived for people of this world, oldest first."""
        from tests.mailbox import mails_for

        return mails_for(os.environ["MAIL_FOLDER"], self._addresses())

    def _addresses(self) -> set[str]:
        people = [value for value in vars(self).values() if isinstance(value, Somebody)]
        return {person.email for person in people}
