"""Who there is in a small fictional partnership: organisations, people with a role or a child, and children."""

from dataclasses import dataclass, field
from uuid import UUID

from app.kernel.access import Actor, Audience, Role
from tests.services import DOMAIN


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
