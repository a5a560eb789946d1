"""The world of a test: a partnership to act in, and the administrator's look behind what a page says."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.access import Actor, Audience, Role
from app.kernel.clock import today
from app.web.cookies import hash_token, new_token
from infrastructure.database.door import open_engine, unit_of_work
from tenants import context
from tests.browser import Browser
from tests.partnership import Partnership
from tests.people import Child, Organisation, Somebody
from tests.services import database_url

__all__ = ["Child", "Organisation", "Somebody", "World"]


class World(Partnership):
    """What its people can do, and what has come of it."""

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
